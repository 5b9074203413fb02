/**
 * `npm start`: builds the extension, starts the local Tradovate, and opens a browser with the
 * extension in it. With a display the browser stays open for you; without one, or with --headless,
 * it plays the main job and prints it line by line. Exits 0 only if every step was really seen.
 *
 *   npm start                      Chromium
 *   npm start -- --firefox         Firefox
 *   npm start -- --headless        play the story even where there is a display
 *   npm start -- --save-to=DIR     where the screenshots go (default .artefacts/story)
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { TestPage } from './e2e/browsers/browser.ts';
import { until } from './e2e/browsers/index.ts';
import { PASSWORD, Scene, WELCOME } from './e2e/scene.ts';
import { sentence } from './sentence.ts';
import { sampleApp } from './simulator/broker-types.ts';

const root = join(import.meta.dirname, '..');
const USER = 'demo-trader';

const { values } = parseArgs({
  options: {
    firefox: { type: 'boolean', default: false },
    headless: { type: 'boolean', default: false },
    'save-to': { type: 'string', default: '.artefacts/story' },
  },
});
const name = values.firefox ? 'firefox' : 'chromium';
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

process.chdir(root);
run('node', ['tests/setup.mjs', name]);
run(
  join(root, 'node_modules/.bin/wxt'),
  name === 'firefox' ? ['build', '-b', 'firefox'] : ['build'],
  true,
);

if (hasDisplay && !values.headless) await openForAPerson();
else await playTheStory(resolve(values['save-to']));

/** A browser to try things in, until it is closed or Ctrl+C is pressed. */
async function openForAPerson(): Promise<void> {
  const scene = await Scene.open(name, { headless: false });
  // Short enough to watch renewals, long enough to read.
  scene.addUser(USER, { lifetimeMs: 4 * 60_000 });
  scene.broker.on((event) => {
    if (event.type === 'call')
      console.log(`${clock()}  ${event.entry.endpoint}  ${event.entry.outcome}`);
  });
  console.log(`
Holdfast is installed in the ${name} window. Click its button in the toolbar, then "Connect a login":

  environment   Demo
  App ID        ${sampleApp.appId}
  cid           ${sampleApp.cid}
  API secret    ${sampleApp.sec}
  user name     ${USER}
  password      ${PASSWORD}

The broker's own page, to see the warning: ${WELCOME}
What the local broker sees, and can be made to do: ${scene.simulator.controlUrl}

Tokens live 4 minutes here. Close the window or press Ctrl+C to end it.
`);
  await scene.browser.open(scene.browser.extensionUrl('options.html'));
  await Promise.race([
    scene.browser.ended(),
    ...(['SIGINT', 'SIGTERM'] as const).map(
      (signal) => new Promise((done) => process.once(signal, done)),
    ),
  ]);
  await scene.close();
}

/** The main job from sign-in to reconnect, each line printed when it has been seen. */
async function playTheStory(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const started = performance.now();
  const scene = await Scene.open(name);
  const tell = (line: string) => {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(5);
    console.log(`${clock()}  ${seconds} s  ${line}`);
  };
  const picture = async (page: TestPage, file: string) => {
    await page.screenshot(join(folder, `${file}.png`));
  };
  const popupPicture = async (file: string) => {
    const popup = await scene.openPopup();
    await popup.waitFor(() => document.querySelector('li') !== null);
    const height = await popup.evaluate(() => document.body.getBoundingClientRect().height);
    await popup.viewport({ width: 380, height: Math.ceil(height) });
    await picture(popup, file);
    await popup.close();
  };
  try {
    scene.addUser(USER, { lifetimeMs: 30_000, slots: 2 });
    tell(`The local Tradovate runs; ${name} has Holdfast installed. Tokens live 30 s today.`);

    const options = await scene.openOptions();
    await scene.fillConnectForm(options, USER, { label: 'My copier' });
    await picture(options, '1-connect');
    await options.click('button', sentence('signIn_connect'));
    await options.waitForText(sentence('options_signedIn', { label: 'My copier' }));
    await options.close();
    tell(`Signed in as ${USER}, once: ${openSessions(scene)}.`);

    await scene.shows('Connected');
    await popupPicture('2-connected');
    tell('Green: the popup says Connected, the badge shows a tick.');

    await until(() => scene.calls('renewaccesstoken') > 0, {
      what: 'the first renewal',
      timeoutMs: 40_000,
    });
    await scene.shows('Connected', /by renewal/);
    tell(`First renewal, by alarm, with no page open: ${openSessions(scene)}.`);
    // From here on the story takes its time: renewals as in real life.
    scene.broker.user(USER).settings.lifetimeMs = 80 * 60_000;
    await until(() => scene.calls('renewaccesstoken') > 1, {
      what: 'the second renewal',
      timeoutMs: 40_000,
    });
    await scene.shows('Connected', '1 h');
    tell('Second renewal: the new token lives 80 minutes.');

    const first = await scene.webLogin(USER);
    await scene.shows('Connected', 'this session survived it');
    tell(
      `A web login on trader.tradovate.com, the second session: ours survived. ${openSessions(scene)}.`,
    );

    const second = await scene.browser.open(WELCOME, { width: 1280, height: 800 });
    const card = await until(() => scene.card(second), { what: 'the warning card' });
    if (!card.text.includes('My copier'))
      throw new Error(`The card does not name the login: ${card.text}`);
    await picture(second, '3-warning');
    tell('The next sign-in page: the card warns that My copier may lose its session.');

    await scene.webLogin(USER, second);
    tell('Signed in there all the same: the third session.');

    await scene.shows('Disconnected', 'another sign-in closed this session');
    await popupPicture('4-evicted');
    tell(`The eviction is noticed: Disconnected, with its cause. ${openSessions(scene)}.`);

    await scene.reconnect(USER);
    await scene.shows('Connected');
    await popupPicture('5-reconnected');
    tell('Reconnect with the password: green again.');
    await first.close();

    const signIns = scene.calls('accesstokenrequest');
    if (signIns !== 2) throw new Error(`Holdfast signed in ${signIns} times instead of twice.`);
    const errors = scene.browser.consoleErrors();
    if (errors.length > 0)
      throw new Error(`Errors in the extension's consoles: ${errors.join('\n')}`);
    tell(`Every step was seen. Screenshots: ${folder}`);
  } catch (error) {
    tell(`Not seen: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await scene.close();
  }
}

function openSessions(scene: Scene): string {
  const count = scene.broker.sessionsOf(USER).length;
  return `${count} open ${count === 1 ? 'session' : 'sessions'} at the broker`;
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}

function run(command: string, args: string[], quiet = false): void {
  const { status, stdout } = spawnSync(command, args, {
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
  });
  if (status === 0) return;
  if (quiet) console.error(stdout);
  process.exit(1);
}
