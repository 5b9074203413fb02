/**
 * Sealing: AES-GCM under a key that can be used but never read out (non-extractable), kept in
 * IndexedDB beside what it seals. It stops casual copying of a token from the disk, not a program
 * that runs with the profile (platform FACTS.md §4).
 */

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

/** A new sealing key. */
export function newSealingKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** Seals a JSON value. `owner` is bound in: what was sealed for one login does not open for another. */
export async function seal(key: CryptoKey, owner: string, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: bytes(owner) },
    key,
    bytes(JSON.stringify(value)),
  );
  return { iv, data };
}

/** Opens what `seal` made; rejects when it was damaged or belongs to another owner. */
export async function unseal(key: CryptoKey, owner: string, sealed: Sealed): Promise<unknown> {
  const plain = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: sealed.iv, additionalData: bytes(owner) },
    key,
    sealed.data,
  );
  return JSON.parse(new TextDecoder().decode(plain));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
