import type { Context } from '../context.js';
import { isUsers, type SecretPlace } from '../secrets.js';
import type { ServerApp } from './app.js';
import { onFleet } from './fleet.js';

const placeOf = ({ name, environment }: ServerApp): SecretPlace => ({ app: name, environment });

/** Keeps a secret on the servers; the next release that refers to it by name gets it. */
export const secretsSet = (
  context: Context,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<SecretPlace> =>
  onFleet(context, async ({ first: app }) => {
    await app.secrets.set(name, value);
    return placeOf(app);
  });

/** Names only, never values. */
export const secretsList = (context: Context): Promise<SecretPlace & { readonly secrets: readonly string[] }> =>
  onFleet(context, async ({ first: app }) => ({ ...placeOf(app), secrets: (await app.secrets.list()).filter(isUsers) }));

export const secretsUnset = (
  context: Context,
  { name }: { readonly name: string },
): Promise<SecretPlace & { readonly existed: boolean }> =>
  onFleet(context, async ({ first: app }) => ({ ...placeOf(app), existed: await app.secrets.unset(name) }));
