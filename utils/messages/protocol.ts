/**
 * What the extension's pages and the content script may ask of the background, and who may ask it.
 *
 * No answer carries a token: pages of the extension read the vault themselves, and a content
 * script lives in somebody else's page. Only a token that a person pastes comes in, as a password
 * does. What each message must look like is in inputs.ts, which border.ts checks, so that a content script
 * carries no validator. Two senders exist: `page` is a page of this extension, `trader` the content script in the
 * top frame of a broker's page. Anything else is refused.
 */
import { defineExtensionMessaging } from '@webext-core/messaging';
import type { Card } from '../trader-page/card.ts';
import type { Refusal } from '../keeper/status/refusal.ts';
import type { WebCall } from '../records/login.ts';
import type { Settings } from '../records/settings.ts';
import type {
  EditInput,
  LinkInput,
  OAuthAgainInput,
  OAuthInput,
  ReconnectInput,
  SignInInput,
  TakeOverAgainInput,
  TakeOverInput,
  YieldInput,
} from './inputs.ts';

export type {
  EditInput,
  LinkInput,
  OAuthAgainInput,
  OAuthInput,
  ReconnectInput,
  SignInInput,
  TakeOverAgainInput,
  TakeOverInput,
  YieldInput,
};

/** Done, or why not. */
export type Answer = { ok: true } | Refusal;

export interface ProtocolMap {
  signIn(input: SignInInput): Answer;
  reconnect(input: ReconnectInput): Answer;
  /** Answered when the broker's window has closed, which can take minutes. */
  signInByOAuth(input: OAuthInput): Answer;
  reconnectByOAuth(input: OAuthAgainInput): Answer;
  /** Keeps a session that another program opened. */
  takeOver(input: TakeOverInput): Answer;
  takeOverAgain(input: TakeOverAgainInput): Answer;
  renewNow(input: { loginId: string }): Answer;
  pauseKeeping(input: { loginId: string }): Answer;
  resumeKeeping(input: { loginId: string }): Answer;
  yieldKeeping(input: YieldInput): Answer;
  editLogin(input: EditInput): Answer;
  switchLink(input: LinkInput): Answer;
  removeLogin(input: { loginId: string }): Answer;
  editSettings(input: Settings): Answer;
  /** The person does not use any one login on that host after all. */
  forgetHost(input: { host: string }): Answer;
  /** A sign-in form is on screen: what to show beside it, null to say nothing. */
  signInFormSeen(input?: null): Card | null;
  /** The person said which login they use on this host; null: another than they had said. */
  loginPicked(input: { loginId: string | null }): Card | null;
  /** The person wants the trader tab that is signed in. */
  openTabWanted(input?: null): undefined;
  /** The broker's page signed in, renewed its own session, or its sign-in was refused. */
  webSessionSeen(input: { call: WebCall }): undefined;
}

const messaging = defineExtensionMessaging<ProtocolMap>();

/** Ask the background. */
export const ask = messaging.sendMessage;

/** For border.ts alone, where what comes in is checked first. */
export const listen = messaging.onMessage;
