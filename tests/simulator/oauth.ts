// The OAuth desk: single-use codes, refresh tokens that rotate per login, and failures that arrive as HTTP 200.
import { createHash } from 'node:crypto';
import type { BrokerSettings, OAuthApp } from './broker-types.ts';

/** What the authorize page was asked for (FACTS.md §1). */
export interface AuthorizeRequest {
  responseType: string;
  clientId: string;
  redirectUri: string;
  state?: string;
  codeChallenge?: string;
  codeChallengeMethod?: string;
  /** On the page of the development twin. */
  twin?: boolean;
}

export type Grant =
  | { ok: true; user: string; app: OAuthApp; kind: 'code' | 'refresh'; refreshToken: string }
  | { ok: false; error: string; description: string; user?: string };

interface Code {
  user: string;
  clientId: string;
  redirectUri: string;
  challenge: string | undefined;
  expiresAt: number;
  used: boolean;
}

interface Refresh {
  token: string;
  user: string;
  expiresAt: number;
}

export class OAuthDesk {
  readonly #settings: BrokerSettings;
  readonly #secret: (user: string, kind: 'code' | 'refresh', expiresAt: number) => string;
  readonly #codes = new Map<string, Code>();
  readonly #refresh = new Map<string, Refresh>();
  /** By `user clientId`: the only refresh token of that login which still works. */
  readonly #current = new Map<string, string>();

  constructor(
    settings: BrokerSettings,
    secret: (user: string, kind: 'code' | 'refresh', expiresAt: number) => string,
  ) {
    this.#settings = settings;
    this.#secret = secret;
  }

  /** Null when the request may be shown to a person, else the text of the error page (it is never redirected). */
  refusal(request: AuthorizeRequest): string | null {
    const app = this.#app(request.clientId);
    if (!app || (app.twin ?? false) !== (request.twin ?? false)) return 'Wrong client_id';
    if (!app.redirectUris.includes(request.redirectUri)) return 'Wrong redirect_uri';
    if (request.responseType !== 'code') return 'Wrong response_type';
    if (request.codeChallenge !== undefined && request.codeChallengeMethod !== 'S256') {
      return 'Wrong code_challenge_method';
    }
    return null;
  }

  /** A single-use code for a person who consented. */
  issueCode(user: string, request: AuthorizeRequest, now: number): string {
    const expiresAt = now + this.#settings.oauthCodeMs;
    const code = this.#secret(user, 'code', expiresAt);
    this.#codes.set(code, {
      user,
      clientId: request.clientId,
      redirectUri: request.redirectUri,
      challenge: request.codeChallenge,
      expiresAt,
      used: false,
    });
    return code;
  }

  /** Whose code or refresh token this is, whatever its state. */
  owner(fields: Record<string, unknown>): string | undefined {
    return (
      this.#codes.get(String(fields['code']))?.user ??
      this.#refresh.get(String(fields['refresh_token']))?.user
    );
  }

  /**
   * Judges a token request. `invalid_client` for client id, redirect and secret alike,
   * `invalid_grant` for a wrong or used code, `invalid_token` for a refused refresh (FACTS.md §1).
   */
  redeem(fields: Record<string, unknown>, now: number): Grant {
    const app = this.#app(String(fields['client_id']));
    const bySecret = app !== undefined && fields['client_secret'] === app.clientSecret;
    const byPkce = app !== undefined && app.publicClient && fields['client_secret'] === undefined;
    if (!app || !(bySecret || byPkce)) {
      return { ok: false, error: 'invalid_client', description: 'Client is not registered' };
    }
    switch (fields['grant_type']) {
      case 'authorization_code':
        return this.#redeemCode(app, fields, byPkce, now);
      case 'refresh_token':
        return this.#redeemRefresh(app, fields, now);
      default:
        return { ok: false, error: 'unsupported_grant_type', description: '' };
    }
  }

  #redeemCode(app: OAuthApp, fields: Record<string, unknown>, byPkce: boolean, now: number): Grant {
    const code = this.#codes.get(String(fields['code']));
    const refused = (error: string, description: string): Grant => ({
      ok: false,
      error,
      description,
      ...(code ? { user: code.user } : {}),
    });
    if (!code || code.used || code.clientId !== app.clientId || now >= code.expiresAt) {
      return refused('invalid_grant', 'Invalid code');
    }
    if (fields['redirect_uri'] !== code.redirectUri) {
      return refused('invalid_client', 'redirect_uri does not match');
    }
    const verifier = fields['code_verifier'];
    const hash =
      typeof verifier === 'string'
        ? createHash('sha256').update(verifier).digest('base64url')
        : undefined;
    if ((byPkce && code.challenge === undefined) || hash !== code.challenge) {
      return refused('invalid_grant', 'Invalid code_verifier');
    }
    code.used = true;
    return this.#granted(code.user, app, 'code', now);
  }

  #redeemRefresh(app: OAuthApp, fields: Record<string, unknown>, now: number): Grant {
    const known = this.#refresh.get(String(fields['refresh_token']));
    const current = known && this.#current.get(`${known.user} ${app.clientId}`);
    if (!known || current !== known.token || now >= known.expiresAt) {
      return {
        ok: false,
        error: 'invalid_token',
        description: 'The refresh token is not valid',
        ...(known ? { user: known.user } : {}),
      };
    }
    return this.#granted(known.user, app, 'refresh', now);
  }

  #granted(user: string, app: OAuthApp, kind: 'code' | 'refresh', now: number): Grant {
    const expiresAt = now + this.#settings.refreshTokenMs;
    const token = this.#secret(user, 'refresh', expiresAt);
    this.#refresh.set(token, { token, user, expiresAt });
    // Rotation is per login, so the newest grant of a login kills what other holders have
    // (FACTS.md §1).
    this.#current.set(`${user} ${app.clientId}`, token);
    return { ok: true, user, app, kind, refreshToken: token };
  }

  #app(clientId: string): OAuthApp | undefined {
    return this.#settings.oauthApps.find((app) => app.clientId === clientId);
  }
}
