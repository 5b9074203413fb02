// The web trader: what a browser finds on trader.tradovate.com and its sisters. The pages are files in web/; this
// module says which path gets which file, under the strict policy a trading site may have.
import { readFileSync } from 'node:fs';
import type { AuthorizeRequest, Broker } from './broker.ts';
import type { BrokerRequest } from './broker-types.ts';

/** A reply of the web trader's host. */
export interface PageReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const file = (name: string): string =>
  readFileSync(new URL(`./web/${name}`, import.meta.url), 'utf8');

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // 'self' is for the authorize page's own decision call.
  "connect-src 'self' https://*.tradovateapi.com wss://*.tradovateapi.com https://*.ninjatrader.com wss://*.ninjatrader.com https://*.ninjatrader.dev wss://*.ninjatrader.dev",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/json',
} as const;

const reply = (kind: keyof typeof types, body: string, status = 200): PageReply => ({
  status,
  headers: {
    'content-type': types[kind],
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  },
  body,
});

/** Answers one request to a trader host. Reads the page files anew each time: they can be edited while it runs. */
export function traderReply(request: BrokerRequest, broker: Broker): PageReply {
  const url = new URL(request.path, `https://${request.host}`);
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /': {
      const moved = reply('html', '', 302);
      return { ...moved, headers: { ...moved.headers, location: '/welcome' } };
    }
    // One page for all paths of the application, as single-page applications are served.
    case 'GET /welcome':
    case 'GET /trading-mode':
    case 'GET /trader':
      return reply('html', file('trader.html'));
    case 'GET /assets/trader.js':
    case 'GET /assets/oauth.js':
      return reply('js', file(url.pathname.slice('/assets/'.length)));
    case 'GET /assets/trader.css':
      return reply('css', file('trader.css'));
    case 'GET /favicon.ico':
    case 'GET /assets/mark.svg':
      return reply('svg', file('mark.svg'));
    case 'GET /oauth': {
      const asked = authorizeRequest(url.searchParams, request.host);
      const refusal = broker.authorizeRefusal(asked);
      const known = refusal === null ? broker.authorizeKnown(asked) : null;
      if (known !== null) {
        const moved = reply('html', '', 302);
        return {
          ...moved,
          headers: { ...moved.headers, location: redirect(asked, { code: known }, broker) },
        };
      }
      return refusal === null
        ? reply('html', file('oauth.html'))
        : reply('html', file('refused.html').replace('{{reason}}', refusal), 400);
    }
    case 'POST /oauth/decision':
      return decide(request, broker);
    default:
      return reply('html', '', 404);
  }
}

const isTwinPage = (host: string): boolean =>
  host === 'trader-d.tradovate.com' || host.endsWith('.ninjatrader.dev');

function authorizeRequest(params: URLSearchParams, host: string): AuthorizeRequest {
  const state = params.get('state');
  const challenge = params.get('code_challenge');
  const method = params.get('code_challenge_method');
  return {
    responseType: params.get('response_type') ?? '',
    clientId: params.get('client_id') ?? '',
    redirectUri: params.get('redirect_uri') ?? '',
    ...(state === null ? {} : { state }),
    twin: isTwinPage(host),
    ...(challenge === null ? {} : { codeChallenge: challenge }),
    ...(method === null ? {} : { codeChallengeMethod: method }),
  };
}

/** The authorize page's verdict: `{ query, name, password, allow }` in, `{ location }` or `{ errorText }` out. */
function decide({ body, host }: BrokerRequest, broker: Broker): PageReply {
  let sent: Record<string, unknown>;
  try {
    sent = JSON.parse(body) as Record<string, unknown>;
  } catch {
    return reply('json', '{}', 400);
  }
  const request = authorizeRequest(new URLSearchParams(String(sent['query'])), host);
  const refusal = broker.authorizeRefusal(request);
  if (refusal !== null) return reply('json', JSON.stringify({ errorText: refusal }), 400);
  let answer: Record<string, string> = { error: 'access_denied' };
  if (sent['allow'] === true) {
    const credentials = { name: String(sent['name']), password: String(sent['password']) };
    const verdict = broker.authorize(request, credentials);
    if ('errorText' in verdict) return reply('json', JSON.stringify(verdict));
    answer = { code: verdict.code };
  }
  return reply('json', JSON.stringify({ location: redirect(request, answer, broker) }));
}

function redirect(
  request: AuthorizeRequest,
  answer: Record<string, string>,
  { settings }: Broker,
): string {
  const back = new URL(request.redirectUri);
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value);
  if (request.state !== undefined && settings.oauthEchoesState)
    back.searchParams.set('state', request.state);
  return back.href;
}
