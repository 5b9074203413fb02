/**
 * How one field of a stored thing is read from disk, and what becomes of it when the computer's clock
 * has been set back. A table of these has an entry for every field: one that is forgotten does not
 * compile.
 */

/** One field: what it must be to be used, and its value after the clock was set back. */
export interface Field<T> {
  reads: (value: unknown) => boolean;
  setBack: SetBack<T>;
}

/** The value after the clock was set back by `by` ms to `now`, epoch ms. */
export type SetBack<T> = (value: T, by: number, now: number) => T;

/** A moment: whether the clock's going back moves it has been thought about. */
export interface TimeField<T> extends Field<T> {
  isTime: true;
}

/** Every field of `T`, the optional ones too. One that is named as a time has to be given as one. */
export type Fields<T> = {
  [K in keyof T]-?: K extends `${string}At` | `${string}Until` ? TimeField<T[K]> : Field<T[K]>;
};

/** No moment of this computer's clock is in it. */
export const plain = <T>(reads: Field<T>['reads']): Field<T> => ({ reads, setBack: stays });

/** A moment, epoch ms on this computer's clock. */
export const time = <T>(reads: Field<T>['reads'], setBack: SetBack<T>): TimeField<T> => ({
  reads,
  setBack,
  isTime: true,
});

/** Not a time, or one that the clock of this computer has no part in. */
export const stays = <T>(value: T): T => value;

/** A moment on this computer's clock: it moves with the clock. */
export const moves: SetBack<number> = (at, by) => at - by;

/** What was to happen at some moment is to happen now. */
export const toNow = (_: unknown, __: number, now: number): number => now;

/** The same where there may be none. */
export function ifAny<T>(setBack: SetBack<T>): SetBack<T | null> {
  return (value, by, now) => (value === null ? null : setBack(value, by, now));
}

/** Each part of a stored object by itself; every part has to be named. */
export function parts<T extends object>(each: {
  [K in keyof Required<T>]: SetBack<T[K]>;
}): SetBack<T> {
  return (value, by, now) => {
    const moved = { ...value };
    for (const name of Object.keys(value) as (keyof T)[]) {
      // What an earlier or a later version has stored beside the known parts stays as it is.
      moved[name] = (each[name] ?? stays)(value[name], by, now);
    }
    return moved;
  };
}

/** Not beyond what can be written as a date: pages paint most of them as times. */
export const isNumber = (value: unknown): boolean =>
  typeof value === 'number' && Math.abs(value) <= 8.64e15;

export const isText = (value: unknown): boolean => typeof value === 'string';
export const isFlag = (value: unknown): boolean => typeof value === 'boolean';

export const isOneOf =
  (...known: readonly string[]) =>
  (value: unknown): boolean =>
    known.includes(value as string);

export const orNull =
  (reads: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || reads(value);

export const orNone =
  (reads: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || reads(value);

export const listOf =
  (reads: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(reads);

/** An object whose named parts read as they must; others are not looked at. */
export const withParts =
  (each: Record<string, (value: unknown) => boolean>) =>
  (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(each).every(([name, reads]) => reads((value as Record<string, unknown>)[name]));

/** An object of which these parts are numbers. */
export const withNumbers = (...names: string[]): ((value: unknown) => boolean) =>
  withParts(Object.fromEntries(names.map((name) => [name, isNumber])));

/** An object all of whose values are texts. */
export const areTexts = (value: unknown): boolean =>
  withParts({})(value) && Object.values(value as object).every(isText);
