// Token strings: long, unguessable, different every time, so that finding one in a browser profile proves a leak.
import { randomBytes } from 'node:crypto';

/** Bytes from the injected random (0 <= x < 1) or, without one, from the system. */
export function makeBytes(random: (() => number) | undefined): (count: number) => Buffer {
  if (!random) return (count) => randomBytes(count);
  return (count) => Buffer.from(Array.from({ length: count }, () => Math.floor(random() * 256)));
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A three-part token like the ones seen (FACTS.md §3: a JWT whose `sub` is the user id, not to be
 * depended on).
 * @param serial makes it unique even under a random that repeats itself.
 */
export function mintToken(
  bytes: (count: number) => Buffer,
  claims: { sub: number; expiresAt: number; kind: 'access' | 'md' | 'refresh' | 'id' },
  serial: number,
): string {
  const head = part({ typ: 'JWT', alg: 'EdDSA' });
  const payload = part({
    sub: String(claims.sub),
    exp: Math.floor(claims.expiresAt / 1000),
    jti: `${serial}-${bytes(12).toString('base64url')}`,
    use: claims.kind,
  });
  return `${head}.${payload}.${bytes(64).toString('base64url')}`;
}
