import { readdir, rm } from 'node:fs/promises';
import { apply } from '../engine/apply.js';
import type { Fingerprint } from '../project/fingerprint.js';
import { releaseFiles, stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { releaseVersion, sourceSteps } from './source.js';
import { readJson } from './toolbox.js';

/**
 * A copy of the source in the app's own folder for checks, with the files of slipway.yml in it; the one from before where the tree is the same.
 * Gives its version.
 */
export async function checkCopy(
  app: App,
  context: Context,
  tree: Fingerprint,
  placed: Readonly<Record<string, string>>,
): Promise<string> {
  const { releases } = stateFiles(app.at);
  const record = `${app.at.state}/copy.json`;
  const key = JSON.stringify([tree.fingerprint, placed]);
  const known = await readJson(app.host, record);
  if (isCopy(known) && known.key === key) return known.version;
  await rm(record, { force: true });
  const version = releaseVersion(new Date(), tree.fingerprint, 'check');
  await apply(await sourceSteps(app, version, app.root, tree), () => app.host, context.report, context.signal);
  const { source } = releaseFiles(app.at, version);
  for (const [path, content] of Object.entries(placed)) await app.host.write(`${source}/${path}`, content, 0o600);
  await app.host.write(record, JSON.stringify({ version, key }), 0o600);
  const old = (await readdir(releases)).filter((name) => name !== version);
  await Promise.all(old.map((name) => rm(`${releases}/${name}`, { recursive: true, force: true })));
  return version;
}

const isCopy = (value: unknown): value is { version: string; key: string } =>
  typeof value === 'object' && value !== null && 'version' in value && typeof value.version === 'string' && 'key' in value;
