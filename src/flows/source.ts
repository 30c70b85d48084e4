import { createHash } from 'node:crypto';
import type { Step } from '../core/plan.js';
import type { Fingerprint } from '../project/fingerprint.js';
import { releaseFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import { readJson } from './toolbox.js';

/** The release's own copy of the tree: unchanged files are linked from the release before it. */
export async function sourceSteps(app: App, version: string, root: string, tree: Fingerprint): Promise<Step[]> {
  const files = releaseFiles(app.at, version);
  const isKnown = app.host.knowsContent === true;
  const like = isKnown ? undefined : await earlierCopy(app, version, tree);
  const step = (id: string, title: string, action: Step['action']): Step => ({
    id,
    title,
    stage: 'build',
    host: app.host.name,
    lane: 'source',
    action,
  });
  return [
    // Elsewhere it is there already, with those who may read it.
    ...(isKnown ? [] : [step('source.folder', 'folder of the release', { kind: 'folder', path: files.source, mode: 0o755 })]),
    step('source.copy', 'copy of the source', {
      kind: 'sync',
      from: root,
      to: files.source,
      files: tree.files.map(({ path }) => path),
      ...(like === undefined ? {} : { like }),
    }),
    ...(isKnown
      ? []
      : [step('source.list', 'list of its files', { kind: 'file', path: `${files.folder}/files.json`, content: listOf(tree) })]),
  ];
}

const keyOf = ({ sha256, mode }: { sha256: string; mode: number }): string => `${mode.toString(8)} ${sha256}`;

const listOf = (tree: Fingerprint): string =>
  JSON.stringify(Object.fromEntries(tree.files.map((file) => [file.path, keyOf(file)])));

/** The newest earlier copy, and what of it is still the same. */
async function earlierCopy(
  app: App,
  version: string,
  tree: Fingerprint,
): Promise<{ folder: string; unchanged: string[] } | undefined> {
  const { releases } = { releases: `${app.at.state}/releases` };
  const names = (await app.host.list(releases)).filter((name) => name < version);
  const newest = names.at(-1);
  if (newest === undefined) return undefined;
  const files = releaseFiles(app.at, newest);
  const list = await readJson(app.host, `${files.folder}/files.json`);
  if (typeof list !== 'object' || list === null) return undefined;
  const known = new Map(Object.entries(list));
  const same = tree.files.filter((file) => file.link === undefined && known.get(file.path) === keyOf(file));
  return { folder: files.source, unchanged: same.map(({ path }) => path) };
}

/** What a release's version is called: when it was made, and of what. */
export function releaseVersion(now: Date, fingerprint: string, inputs: string): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${createHash('sha256').update(`${fingerprint}\n${inputs}`).digest('hex').slice(0, 7)}`;
}

const STAMP = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/;

/**
 * The time for the version of a release that is younger than all of `versions`: now, or a second after the youngest where the clock has gone
 * back or stands. Versions are put in order by their names, and what is gone back to must not hang on a clock.
 */
export function timeOfNext(now: Date, versions: readonly string[]): Date {
  const youngest = Math.max(
    ...versions.map((version) => {
      const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = STAMP.exec(version)?.slice(1) ?? [];
      const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
      return Number.isNaN(time) ? 0 : time;
    }),
    0,
  );
  return new Date(Math.max(now.getTime(), youngest + 1000));
}
