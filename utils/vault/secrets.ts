import type { Vault } from './vault.ts';

/** Everything the vault keeps sealed, opened, and the device id: what must not get into a report. */
export async function allSecrets(vault: Vault): Promise<string[]> {
  const found = await Promise.all(
    (await vault.logins()).map(async ({ id }) => {
      const token = await vault.token(id);
      const others = [vault.appSecret(id), vault.refreshToken(id)];
      return [token?.accessToken, token?.mdAccessToken, ...(await Promise.all(others))];
    }),
  );
  const texts = found.flat().filter((secret) => typeof secret === 'string');
  return [...texts, await vault.deviceId()];
}
