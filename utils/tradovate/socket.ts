/**
 * The broker's WebSocket as text in and text out (FACTS.md §4): its frames, the two requests
 * Holdfast makes, and what a conversation comes to. Read only: nothing here can trade.
 *
 *   connecting ──o──► authorising ──200──► synchronising ──200──► up
 *
 * The token is sent once, to the socket that this is handed, and to nobody else.
 */

import { parseJson } from './replies.ts';

/** The socket for what belongs to the user; market data has others. */
export const socketUrl = (host: string) => `wss://${host}/v1/websocket`;

/** Sent every 2.5 s, whatever else is sent. */
export const HEARTBEAT = '[]';
export const HEARTBEAT_MS = 2_500;

/** How many accounts there are, and how much in them is open and working. */
export interface Counts {
  accounts: number;
  positions: number;
  orders: number;
}

/** Why a link is not up. */
export type Loss =
  // The broker's words of a `shutdown`, or other words.
  | 'maintenance'
  | 'connection-quota'
  | 'ip-quota'
  | 'shutdown'
  // Its answers, and that there are none. `limited`: a 429 or a penalty.
  | 'refused'
  | 'limited'
  | 'closed'
  | 'silent'
  | 'unreachable'
  // Not its doing. `barred`: no token, or no permission to send it there; `idle`: closed by Holdfast.
  | 'offline'
  | 'interrupted'
  | 'barred'
  | 'idle';

/** A reply has `i` and `s`, an event has `e`; both may have `d`. */
export type Message = Partial<Record<'e' | 'i' | 's' | 'd', unknown>>;

/** Reads one frame: `o` open, `h` heartbeat, `a` messages, `c` close. Never throws. */
export function readFrame(text: string): { type: string; messages: Message[] } {
  const type = text.slice(0, 1);
  const list = type === 'a' ? parseJson(text.slice(1)) : null;
  return { type, messages: Array.isArray(list) ? list.map(fields) : [] };
}

/** A request: endpoint, id, query, body. The token of `authorize` goes as it is, any other body as JSON. */
export function request(endpoint: string, id: number, body: string): string {
  return [endpoint, id, '', body].join('\n');
}

const AUTHORIZE = 1;
const SYNCHRONISE = 2;
/**
 * Nothing is told of types that are not named; with them `users` is not to be sent (FACTS.md §4).
 */
const WANTED = { splitResponses: false, entityTypes: ['account', 'position', 'order'] };

const SHUTDOWNS = new Map<unknown, Loss>([
  ['Maintenance', 'maintenance'],
  ['ConnectionQuotaReached', 'connection-quota'],
  ['IPQuotaReached', 'ip-quota'],
]);

/**
 * Begins a conversation. What it gives takes each frame, and answers with what is counted now, or
 * why the conversation is over; null when nothing came of it.
 */
export function converse(
  token: string,
  send: (text: string) => void,
): (text: string) => Counts | Loss | null {
  /** By their ids alone: what is open and working. The flat and the done stay in the broker's lists. */
  const ids = new Map(WANTED.entityTypes.map((type) => [type, new Set<number>()]));
  let up = false;

  function note(type: string, entity: unknown, gone: boolean): void {
    const { id, netPos, ordStatus } = fields(entity);
    const flat = type === 'position' && !netPos;
    const done = type === 'order' && ordStatus !== 'Working';
    if (typeof id === 'number') ids.get(type)?.[gone || flat || done ? 'delete' : 'add'](id);
  }

  function answered({ i, s, d }: Message): Loss | null {
    if (i !== AUTHORIZE && i !== SYNCHRONISE) return null;
    const data = fields(d);
    // A penalty comes in place of the answer, with a good status (FACTS.md §2).
    if (s === 429 || 'p-ticket' in data) return 'limited';
    if (s !== 200) return s === 401 || s === 403 ? 'refused' : 'closed';
    if (i === AUTHORIZE) send(request('user/syncrequest', SYNCHRONISE, JSON.stringify(WANTED)));
    else {
      up = true;
      for (const type of WANTED.entityTypes) {
        const list = data[`${type}s`];
        if (Array.isArray(list)) for (const entity of list) note(type, entity, false);
      }
    }
    return null;
  }

  function told({ e, d }: Message): Loss | null {
    const { reasonCode, entityType, eventType, entity } = fields(d);
    if (e === 'shutdown') return SHUTDOWNS.get(reasonCode) ?? 'shutdown';
    if (e === 'props') note(String(entityType), entity, eventType === 'Deleted');
    return null;
  }

  return (text) => {
    const { type, messages } = readFrame(text);
    if (type === 'c') return 'closed';
    // Sent before that frame it may be lost.
    if (type === 'o') send(request('authorize', AUTHORIZE, token));
    for (const message of messages) {
      const loss = 'e' in message ? told(message) : answered(message);
      if (loss) return loss;
    }
    if (!up || messages.length === 0) return null;
    const [accounts = 0, positions = 0, orders = 0] = [...ids.values()].map(({ size }) => size);
    return { accounts, positions, orders };
  };
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
