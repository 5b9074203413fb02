import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import programs from '../../browser-programs.json' with { type: 'json' };
import { until } from './poll.ts';

/** That browser's program: the one named in its setting, or the first of its commands in PATH. */
export function findProgram(browser: keyof typeof programs): string {
  const { name, setting, commands } = programs[browser];
  const candidates = [process.env[setting], ...commands].filter(Boolean) as string[];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const candidate of candidates) {
    const places = isAbsolute(candidate) ? [candidate] : folders.map((f) => join(f, candidate));
    const found = places.find((place) => {
      try {
        accessSync(place, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
    if (found) return found;
  }
  throw new Error(`${name} was not found. Looked for: ${candidates.join(', ')}`);
}

/** Living processes of the group, and those started on this profile that left the group. */
function membersOf(leader: number, profile: string): number[] {
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,pgid=,stat=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const onProfile = [`-profile ${profile}`, `--user-data-dir=${profile}`];
  return list.split('\n').flatMap((line) => {
    const [, pid, group, state, args] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || args === undefined || state?.startsWith('Z')) return [];
    const belongs = Number(group) === leader || onProfile.some((flag) => args.includes(flag));
    return belongs ? [Number(pid)] : [];
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** SIGKILL for a browser's process group, and for helpers of it that left the group. */
export async function killGroup(leader: number, profile: string): Promise<void> {
  kill(-leader);
  await until(
    () => {
      const left = membersOf(leader, profile);
      for (const pid of left) kill(pid);
      return left.length === 0;
    },
    { what: 'every process of the browser to end' },
  );
}
