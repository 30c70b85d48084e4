import { basename } from 'node:path';
import { type App, openApp, slug } from './app.js';
import type { Context } from './context.js';

export interface SecretPlace {
  readonly app: string;
  readonly environment: string;
}

/** Names the user gave; what Slipway made for itself is not theirs to see or unset. */
export const isUsers = (name: string): boolean => !name.includes('.');

const placeOf = (app: App): SecretPlace => ({ app: slug(basename(app.root)), environment: app.environment });

/** Keeps a secret; the next release that refers to it by name gets it. */
export async function secretsSet(
  context: Context,
  { name, value }: { readonly name: string; readonly value: string },
): Promise<SecretPlace> {
  const app = await openApp(context);
  await app.secrets.set(name, value);
  return placeOf(app);
}

/** Names only, never values. */
export async function secretsList(context: Context): Promise<SecretPlace & { readonly secrets: readonly string[] }> {
  const app = await openApp(context);
  return { ...placeOf(app), secrets: (await app.secrets.list()).filter(isUsers) };
}

export async function secretsUnset(
  context: Context,
  { name }: { readonly name: string },
): Promise<SecretPlace & { readonly existed: boolean }> {
  const app = await openApp(context);
  return { ...placeOf(app), existed: await app.secrets.unset(name) };
}
