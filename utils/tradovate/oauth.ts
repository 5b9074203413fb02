/**
 * Signing in at the broker's own page (FACTS.md §1): what is asked for, and what comes back
 * with the redirect. The person's registered app is a confidential client: its secret is its owner's.
 */
import type { Failure } from './failure.ts';
import { FRONT_DOORS, type Brand } from './front-doors.ts';
import { kindOfError, redact } from './replies.ts';

export interface Authorization {
  clientId: string;
  /** As it is registered, byte for byte. */
  redirectUri: string;
  /** Comes back with the redirect of this sign-in and of no other. */
  state: string;
  /** PKCE: the hash of what the code has to be redeemed with. */
  challenge?: string | undefined;
}

/** The address of the page on which a person signs in and allows access. */
export function authorizeUrl(
  { brand, twin }: { brand: Brand; twin?: true },
  { clientId, redirectUri, state, challenge }: Authorization,
): string {
  const url = new URL(FRONT_DOORS[brand][twin ? 'authorizeTwin' : 'authorize']);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    ...(challenge !== undefined && { code_challenge: challenge, code_challenge_method: 'S256' }),
  }).toString();
  return url.href;
}

/** The single-use code in the address that the page led to, or why there is none. */
export function readRedirect(
  address: string,
  { redirectUri, state }: Pick<Authorization, 'redirectUri' | 'state'>,
): { code: string } | Failure {
  const landed = URL.canParse(address) ? new URL(address) : null;
  const asked = new URL(redirectUri);
  const answer = landed?.searchParams;
  if (landed?.origin !== asked.origin || landed.pathname !== asked.pathname || !answer) {
    return { kind: 'redirect-mismatch' };
  }
  // Anything else was not asked for here: somebody may want this login to hold their session.
  if (answer.get('state') !== state) return { kind: 'foreign-answer' };
  const error = answer.get('error');
  if (error !== null) {
    const said = answer.get('error_description') ?? error;
    return { kind: kindOfError(error, said) ?? 'refused', said: redact(said) };
  }
  const code = answer.get('code');
  return code ? { code } : { kind: 'unreadable' };
}
