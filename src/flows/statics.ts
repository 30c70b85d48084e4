import { createHash } from 'node:crypto';
import type { StaticAttempt } from '../config/resolve/input.js';
import type { Env } from '../core/command.js';
import type { Facts } from '../core/facts.js';
import { Failure } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Release } from '../core/release.js';
import { type Compressed, compressCommand, parseCompressed } from '../ops/compress.js';
import { toolPaths } from '../ops/toolbox.js';
import { releaseFiles, stateFiles } from '../targets/local/layout.js';
import { runBuildCommands } from './build-commands.js';
import type { Context } from './context.js';
import { type Draft, pythonOf, runtimeRequest, withInterpreter } from './draft.js';
import { VERSION } from './package-files.js';
import { outcomeOf, runTasks } from './tasks.js';
import { readJson } from './toolbox.js';

export interface CollectedStatic {
  readonly key: string;
  readonly attempt: StaticAttempt;
  /** URL of one file, to look at once it is live. */
  readonly sample: string | null;
  /** What files refer to and the project lacks. */
  readonly missing: readonly string[];
}

/** Collected, and on the way to being compressed. */
export interface Collecting {
  readonly collected: CollectedStatic;
  /** When it is all there, and how much it is. @throws Failure COMPRESS_FAILED (environment) */
  readonly compressed: Promise<Sizes>;
}

export type Sizes = Omit<Compressed, 'reused'>;

/**
 * The tree of collected static files: the one from before where nothing it is made of has changed, else collected anew; its compressing goes
 * on beside what comes next. The release's `static` link leads to it.
 * @param decided called when it is known whether names are hashed, before anything is run that uses them
 * @throws Failure STATIC_FAILED (project)
 */
export async function collectStatic(
  draft: Draft,
  context: Context,
  release: Omit<Release, 'options'>,
  facts: Facts,
  env: Env,
  decided: (attempt: StaticAttempt) => Promise<void>,
): Promise<Collecting | undefined> {
  if (!facts.apps.some(({ name }) => name === 'django.contrib.staticfiles')) return undefined;
  const { app, version } = draft;
  const key = staticKey(draft, release, facts);
  const folder = `${stateFiles(app.at).statics}/${key}`;
  const record = `${folder}/collected.json`;
  const linked = app.host.link(releaseFiles(app.at, version).static, `../../static/${key}`);
  linked.catch(() => {});
  const [known, earlier] = await Promise.all([readJson(app.host, record), app.host.list(stateFiles(app.at).statics)]);
  if (isCollected(known)) {
    await Promise.all([linked, decided(known.attempt)]);
    return { collected: known, compressed: Promise.resolve(known) };
  }
  await Promise.all([linked, makeSourceFolders(draft, facts), makeEmpty(app.host, folder, earlier.includes(key))]);
  const collected = await collect(draft, context, release, env, key, folder, decided);
  const compressed = compress(draft, context, folder, earlier).then(async (sizes) => {
    await app.host.write(record, JSON.stringify({ ...collected, ...sizes }));
    return sizes;
  });
  compressed.catch(() => {});
  return { collected, compressed };
}

async function makeEmpty(host: Host, folder: string, isThere: boolean): Promise<void> {
  if (isThere) await host.remove(folder);
  await host.folder(`${folder}/plain`);
}

/** A folder that is empty in the project is not in its repository, and Django before 4.0 does not do without: https://code.djangoproject.com/ticket/32313 */
async function makeSourceFolders({ app, version }: Draft, facts: Facts): Promise<void> {
  const known = facts.settings['STATICFILES_DIRS']?.value;
  const paths = (Array.isArray(known) ? known : []).map((entry: unknown) => String(Array.isArray(entry) ? entry[1] : entry));
  const { source } = releaseFiles(app.at, version);
  const own = paths.filter((path) => path.startsWith(`${source}/`) && !path.includes('/../'));
  await Promise.all(own.map((path) => app.host.folder(path)));
}

async function collect(
  draft: Draft,
  context: Context,
  release: Omit<Release, 'options'>,
  env: Env,
  key: string,
  folder: string,
  decided: (attempt: StaticAttempt) => Promise<void>,
): Promise<CollectedStatic> {
  const root = `${folder}/plain${release.files.url.replace(/\/$/, '')}`;
  const events = await runTasks(
    {
      host: draft.app.host,
      project: draft.project,
      python: pythonOf(draft),
      request: runtimeRequest(draft, release.settingsModule),
      env: withInterpreter(draft, env),
      report: context.report,
      signal: context.signal,
      step: 'static',
    },
    [{ job: 'collectstatic', root, manifest: 'try' }],
  );
  const outcome = outcomeOf(events, 'collectstatic');
  if (outcome?.event !== 'done') {
    throw new Failure(
      'STATIC_FAILED',
      'project',
      `The static files could not be collected: ${String(outcome?.['message'] ?? outcome?.['error'] ?? '')}`,
      {
        detail: String(outcome?.['detail'] ?? ''),
        hint: 'run `python manage.py collectstatic --dry-run` in the project and mend what it says',
      },
    );
  }
  const problem = typeof outcome['fallback'] === 'string' ? outcome['fallback'] : undefined;
  const attempt: StaticAttempt = problem === undefined ? { hashed: true } : { hashed: false, problem };
  await decided(attempt);
  await runBuildCommands(draft, context, env, 'after');
  return {
    key,
    attempt,
    // Files of another host are not this site's to look at.
    sample: /^\/[^/]/.test(release.files.url) ? await sampleOf(draft.app.host, root, release.files.url) : null,
    missing: Array.isArray(outcome['missing']) ? outcome['missing'].map(String) : [],
  };
}

/** One stylesheet, script or whatever there is. */
async function sampleOf(host: Host, root: string, url: string): Promise<string | null> {
  const files = await host.files(root);
  const best = files.find((name) => /\.css$/.test(name)) ?? files.find((name) => /\.js$/.test(name)) ?? files[0];
  return best === undefined ? null : `${url}${best.split('/').map(encodeURIComponent).join('/')}`;
}

async function compress({ app }: Draft, context: Context, tree: string, earlier: readonly string[]): Promise<Compressed> {
  const state = stateFiles(app.at);
  const like = earlier
    .map((name) => `${state.statics}/${name}`)
    .filter((folder) => folder !== tree && folder !== state.keptStatic);
  const { stdout, code, stderr } = await app.host.exec(
    compressCommand({
      python: toolPaths(app.at.home).python,
      tool: `${app.package.tools}/compress.py`,
      tree,
      like,
      kept: state.keptStatic,
    }),
    { signal: context.signal },
  );
  if (code === 0) return parseCompressed(stdout);
  throw new Failure('COMPRESS_FAILED', 'environment', 'The static files could not be compressed', { detail: stderr });
}

const isCollected = (value: unknown): value is CollectedStatic & Sizes =>
  typeof value === 'object' && value !== null && 'key' in value && 'attempt' in value && 'compressedBytes' in value;

/** Python code can be a part of what collectstatic does, but hardly ever of one app's static files: a change of it alone collects nothing anew. */
function staticKey(draft: Draft, release: Omit<Release, 'options'>, facts: Facts): string {
  const files = draft.tree.files
    .filter(({ path }) => !path.endsWith('.py') || facts.settingsFiles.includes(path))
    .map(({ path, sha256 }) => `${path} ${sha256}`);
  const pins = release.pins.filter(({ name }) => /^(STATIC|STORAGES|DEBUG|COMPRESS|INSTALLED_APPS)/.test(name));
  const parts = [
    VERSION,
    draft.environmentKey,
    JSON.stringify(facts.apps.map(({ name }) => name)),
    JSON.stringify(pins).replaceAll(draft.version, 'VERSION'),
    ...files,
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
