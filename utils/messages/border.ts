/**
 * The border of the background: what a message must look like and who may send it.
 *
 * Apart from protocol.ts so that the content script, which only asks, carries no validator into
 * other people's pages.
 */
import * as v from 'valibot';
import { browser } from 'wxt/browser';
import { isSettings, type Settings } from '../records/settings.ts';
import {
  editInput,
  linkInput,
  oauthAgainInput,
  oauthInput,
  oneLogin,
  reconnectInput,
  signInInput,
  takeOverAgainInput,
  takeOverInput,
  text,
  yieldInput,
} from './inputs.ts';
import { listen, type ProtocolMap } from './protocol.ts';
import { isWebTrader } from '../tradovate/front-doors.ts';

/** Every message there is: who may send it and what it must look like. */
export const MESSAGES = {
  signIn: { from: 'page', input: signInInput },
  reconnect: { from: 'page', input: reconnectInput },
  signInByOAuth: { from: 'page', input: oauthInput },
  reconnectByOAuth: { from: 'page', input: oauthAgainInput },
  takeOver: { from: 'page', input: takeOverInput },
  takeOverAgain: { from: 'page', input: takeOverAgainInput },
  renewNow: { from: 'page', input: oneLogin },
  pauseKeeping: { from: 'page', input: oneLogin },
  resumeKeeping: { from: 'page', input: oneLogin },
  yieldKeeping: { from: 'page', input: yieldInput },
  editLogin: { from: 'page', input: editInput },
  switchLink: { from: 'page', input: linkInput },
  removeLogin: { from: 'page', input: oneLogin },
  editSettings: { from: 'page', input: v.custom<Settings>(isSettings) },
  forgetHost: { from: 'page', input: v.object({ host: text(253) }) },
  signInFormSeen: { from: 'trader', input: v.nullish(v.null()) },
  loginPicked: {
    from: 'trader',
    input: v.object({ loginId: v.nullable(v.pipe(v.string(), v.uuid())) }),
  },
  openTabWanted: { from: 'trader', input: v.nullish(v.null()) },
  webSessionSeen: {
    from: 'trader',
    input: v.object({ call: v.picklist(['sign-in', 'renewal', 'refused']) }),
  },
} as const satisfies Record<keyof ProtocolMap, { from: 'page' | 'trader'; input: v.GenericSchema }>;

type Name = keyof ProtocolMap;
type Input<N extends Name> = v.InferOutput<(typeof MESSAGES)[N]['input']>;

/** Where a message of the content script came from, as the browser says, not as the message does. */
export interface TraderTab {
  tabId: number;
  host: string;
  /** The page on which an app asks to be let in (FACTS.md row 28). */
  consent: boolean;
}

export type Handlers = {
  [N in Name]: (input: Input<N>, from: TraderTab) => Promise<ReturnType<ProtocolMap[N]>>;
};

/** What a browser tells of a sender; both fill it in themselves, so a page cannot forge it. */
export interface Sender {
  id?: string | undefined;
  url?: string | undefined;
  /** Of what runs there, which in a sandboxed frame is another than the address says. */
  origin?: string | undefined;
  frameId?: number | undefined;
  tab?: { id?: number | undefined } | undefined;
}

/** Answers every message of the protocol that comes from whom it may come from and looks as it must. */
export function answer(handlers: Handlers): void {
  for (const name of Object.keys(MESSAGES) as Name[]) listenTo(name, handlers);
}

function listenTo<N extends Name>(name: N, handlers: Handlers): void {
  // The library installs one root listener that is not async and ignores what it does not know.
  listen(name, async ({ data, sender }) => {
    const from = admit(name, sender as Sender);
    const input = v.safeParse(MESSAGES[name].input, data);
    // What was wrong with it is not repeated: it may have been a password.
    if (!input.success) throw new Error(`Refused: ${name} does not look as it must.`);
    const handler = handlers[name] as (input: unknown, from: TraderTab) => Promise<never>;
    return handler(input.output, from);
  });
}

/** Throws unless `sender` may send `name`. */
export function admit(name: Name, sender: Sender): TraderTab {
  const refused = new Error(`Refused: ${name} may not be sent from here.`);
  if (sender.id !== browser.runtime.id || sender.url === undefined) throw refused;
  if (MESSAGES[name].from === 'page') {
    const own = browser.runtime.getURL('/');
    if (!sender.url.startsWith(own) || !isFrom(sender, own)) throw refused;
    return { tabId: -1, host: '', consent: false };
  }
  const tabId = sender.tab?.id;
  if (tabId === undefined || sender.frameId !== 0 || !isWebTrader(sender.url)) throw refused;
  const { hostname, pathname, origin } = new URL(sender.url);
  if (!isFrom(sender, `${origin}/`)) throw refused;
  return { tabId, host: hostname, consent: /^\/oauth\b/.test(pathname) };
}

/** A browser that tells the origin of a sender tells this one. `root` is the address of its root. */
const isFrom = ({ origin }: Sender, root: string): boolean =>
  origin === undefined || `${origin}/` === root;
