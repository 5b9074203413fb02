/** What each question of a page carries, and what it must look like. */
import * as v from 'valibot';
import { BRANDS } from '../tradovate/front-doors.ts';

export const text = (most: number) =>
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));
const password = v.pipe(v.string(), v.minLength(1), v.maxLength(500));
const brand = v.picklist(BRANDS);
const loginId = v.pipe(v.string(), v.uuid());

/** Tries although so many have failed that Holdfast would hold it back. */
const insist = v.optional(v.boolean());

export const signInInput = v.object({
  label: text(60),
  brand,
  environment: v.picklist(['live', 'demo']),
  userName: text(120),
  appId: text(120),
  appVersion: text(40),
  cid: v.pipe(v.string(), v.trim(), v.regex(/^\d{1,12}$/)),
  secret: password,
  keepSecret: v.boolean(),
  password,
  /** `p-ticket` of an earlier answer, sent along when the same form is sent again. */
  ticket: v.optional(v.string()),
  insist,
});

export const reconnectInput = v.object({
  loginId,
  password,
  /** Needed unless the secret is kept sealed. */
  secret: v.optional(password),
  ticket: v.optional(v.string()),
  insist,
});

export const oauthInput = v.object({
  label: text(60),
  brand,
  environment: v.picklist(['live', 'demo']),
  userName: text(120),
  clientId: text(200),
  /** None: a public client. */
  secret: v.optional(password),
  keepSecret: v.boolean(),
  /** On the broker's development twin. */
  twin: v.optional(v.boolean()),
  insist,
});

/** The secret is needed unless it is kept sealed, or there is none. */
export const oauthAgainInput = v.object({ loginId, secret: v.optional(password), insist });

/** A reply as other programs store it is a few kB long. */
const pasted = v.pipe(v.string(), v.minLength(1), v.maxLength(20_000));
const textOrNone = (most: number) => v.pipe(v.string(), v.trim(), v.maxLength(most));

export const takeOverInput = v.object({
  /** Empty: the user name. */
  label: textOrNone(60),
  brand,
  environment: v.picklist(['live', 'demo']),
  /** Empty when what is pasted says it. */
  userName: textOrNone(120),
  pasted,
});

export const takeOverAgainInput = v.object({ loginId, pasted });

export const oneLogin = v.object({ loginId });

export const editInput = v.object({
  loginId,
  label: text(60),
  slots: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)),
  declared: v.pipe(
    v.array(v.object({ name: text(40), on: v.boolean() })),
    v.maxLength(10),
    v.check((all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length),
  ),
});

export const linkInput = v.object({ loginId, on: v.boolean() });

export const yieldInput = v.object({ loginId, until: v.picklist(['time', 'tab']) });

export type SignInInput = v.InferOutput<typeof signInInput>;
export type ReconnectInput = v.InferOutput<typeof reconnectInput>;
export type OAuthInput = v.InferOutput<typeof oauthInput>;
export type OAuthAgainInput = v.InferOutput<typeof oauthAgainInput>;
export type TakeOverInput = v.InferOutput<typeof takeOverInput>;
export type TakeOverAgainInput = v.InferOutput<typeof takeOverAgainInput>;
export type YieldInput = v.InferOutput<typeof yieldInput>;
export type LinkInput = v.InferOutput<typeof linkInput>;
export type EditInput = v.InferOutput<typeof editInput>;
