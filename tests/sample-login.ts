/** Hand-made logins for tests: never signed in, or connected for a while. */
import { newLogin, type LoginRecord, type NewLogin } from '../utils/records/login.ts';

const MINUTE = 60_000;

/** A login that has never been signed in; `change` is what a test is about. */
export function freshLogin(now: number, change: Partial<NewLogin> = {}): LoginRecord {
  const login: NewLogin = {
    id: '7f1b4d9e-0f3a-4a57-9b53-1c5f6f0f8a11',
    way: 'api-key',
    label: 'APEX-3',
    brand: 'tradovate',
    environment: 'demo',
    userName: 'trader_3',
    app: { appId: 'Sample App', appVersion: '1.0', cid: '8' },
    keepsSecret: false,
  };
  return newLogin({ ...login, ...change }, now);
}

/** A login that is green at `now`: signed in 100 minutes ago, renewed 2 minutes ago, 58 minutes left. */
export function greenLogin(now: number, change: Partial<LoginRecord> = {}): LoginRecord {
  return {
    ...freshLogin(now),
    session: {
      openedAt: now - 100 * MINUTE,
      renewedAt: now - 2 * MINUTE,
      expiresAt: now + 58 * MINUTE,
      lifeMs: 80 * MINUTE,
      renewals: 3,
    },
    proof: { at: now - 2 * MINUTE, by: 'renewal' },
    contactAt: now - 2 * MINUTE,
    ...change,
  };
}
