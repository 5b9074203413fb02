import type { LoginRecord } from '../../utils/records/login.ts';
import type { Awake } from '../../utils/records/awake.ts';
import type { Records } from '../../utils/vault/database.ts';

/** All that a page paints from. */
export interface Stored {
  logins: LoginRecord[];
  awake: Awake | null;
}

export type Reader = Pick<Records, 'logins' | 'awake'>;

export async function readStored(records: Reader): Promise<Stored> {
  const [logins, awake] = await Promise.all([records.logins(), records.awake()]);
  return { logins, awake };
}
