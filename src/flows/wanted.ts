import type { Failure, Want } from '../core/failure.js';
import type { App } from './app.js';
import { readJson } from './toolbox.js';

const path = (app: App): string => `${app.at.state}/wanted.json`;

/** Keeps what a run ended for want of, so that `init` can leave a blank for it. Several runs can bring several to light. */
export async function keepWanted(app: App, { wants }: Failure): Promise<void> {
  if (wants === undefined) return;
  const known = await readWanted(app);
  const same = known.some((one) => JSON.stringify(one) === JSON.stringify(wants));
  if (!same) await app.host.write(path(app), JSON.stringify([...known, wants]), 0o600);
}

/** Nothing is wanted any more. */
export const forgetWanted = (app: App): Promise<void> => app.host.remove(path(app));

/** What earlier runs ended for want of, oldest first. */
export async function readWanted(app: App): Promise<readonly Want[]> {
  const kept = await readJson(app.host, path(app));
  return Array.isArray(kept) ? kept.filter(isWant) : [];
}

function isWant(value: unknown): value is Want {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('from' in value)) return false;
  return (
    (value.kind === 'variable' && 'name' in value && typeof value.name === 'string') ||
    (value.kind === 'file' && 'path' in value && typeof value.path === 'string') ||
    value.kind === 'index'
  );
}
