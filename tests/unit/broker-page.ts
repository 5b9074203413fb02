/** A person at the broker's own page, for keepers in virtual time. */
import type { OAuthInput } from '../../utils/messages/protocol.ts';
import { sampleOAuthApp } from '../simulator/broker-types.ts';
import { PASSWORD, REDIRECT_URI, type World } from './world.ts';

/** What the form sends; the app's secret is kept. */
export const oauthInputOf = (userName: string, change: Partial<OAuthInput> = {}): OAuthInput => ({
  label: userName,
  brand: 'tradovate',
  environment: 'demo',
  userName,
  clientId: sampleOAuthApp.clientId,
  secret: sampleOAuthApp.clientSecret,
  keepSecret: true,
  ...change,
});

/** The page has something to ask, and nobody is there. */
export const ASKS = { kind: 'window-closed' } as const;

/** A person types name and password into the broker's page and allows access; what it leads to. */
export function signsInAs(world: World, name: string, url: string) {
  const asked = new URL(url).searchParams;
  const request = {
    responseType: asked.get('response_type') ?? '',
    clientId: asked.get('client_id') ?? '',
    redirectUri: asked.get('redirect_uri') ?? '',
    ...(asked.has('code_challenge') && {
      codeChallenge: asked.get('code_challenge') ?? '',
      codeChallengeMethod: asked.get('code_challenge_method') ?? '',
    }),
  };
  const verdict = world.broker.authorize(request, { name, password: PASSWORD });
  if ('errorText' in verdict) throw new Error(verdict.errorText);
  const back = new URL(request.redirectUri);
  back.searchParams.set('code', verdict.code);
  back.searchParams.set('state', asked.get('state') ?? '');
  return { address: back.href };
}

/** The sample app is registered at the broker, and `name` signs in on its page whenever it is shown. */
export function atPage(world: World, name: string): void {
  world.broker.settings.oauthApps = [{ ...sampleOAuthApp, redirectUris: [REDIRECT_URI] }];
  world.person = (url, interactive) => (interactive ? signsInAs(world, name, url) : ASKS);
}
