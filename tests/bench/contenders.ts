/** The policies that are compared, in the order of the table. The first is the real keeper. */
import {
  LifetimeWatcher,
  PageTimer,
  RenewAllEveryTenMinutes,
  SampleAsMeant,
  SampleAsPrinted,
  SignInAgain,
} from './policies.ts';
import type { Make } from './run.ts';

export interface Contender {
  name: string;
  make: Make;
}

export const CONTENDERS: readonly Contender[] = [
  { name: 'Holdfast', make: null },
  { name: 'docs sample, as printed', make: (line) => new SampleAsPrinted(line) },
  { name: 'docs sample, as meant', make: (line) => new SampleAsMeant(line) },
  { name: 'sign in again every 72 min', make: (line) => new SignInAgain(line) },
  { name: 'renew all every 10 min', make: (line) => new RenewAllEveryTenMinutes(line) },
  { name: 'page timer, 60 s before end', make: (line) => new PageTimer(line) },
  {
    name: 'two thirds of life (Vault)',
    make: (line, random) => new LifetimeWatcher(line, random),
  },
];

/** How many logins one person holds. */
export const SIZES = [1, 5, 20] as const;
export const DAYS = 30;
/** One month each; in every second one the computer sleeps at night. */
export const SEEDS = [1, 2, 3, 4] as const;
