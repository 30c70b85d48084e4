import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../core/failure.js';
import type { Step } from '../core/plan.js';
import type { Frontend } from '../core/project.js';
import { apply } from '../engine/apply.js';
import { type FrontendFallback, type FrontendTools, frontendQuery, frontendSteps, parseFrontendTools } from '../ops/frontend.js';
import { explainFrontend } from '../ops/frontend-failure.js';
import { ownNode, wantedNode } from '../ops/node.js';
import { releaseFiles } from '../targets/local/layout.js';
import type { Context } from './context.js';
import type { Draft } from './draft.js';
import { readJson } from './toolbox.js';

/** What is to be done once the static files are collected: node_modules leave the release. */
export type Stow = () => Promise<void>;

/** What a build has written, told by path, and what it was made of. */
interface BuiltOutput {
  readonly key: string;
  readonly files: readonly string[];
}

/**
 * Builds the project's front ends in the release's copy, with its own package managers. What an earlier release has built from the same
 * files is linked from there.
 * @param own commands of slipway.yml's `build:`, run in the release's root instead of what was detected
 */
export async function buildFrontends(draft: Draft, context: Context, own?: readonly (readonly string[])[]): Promise<Stow> {
  const frontends = own === undefined ? draft.project.frontends : [];
  if (own === undefined && frontends.length === 0) return async () => {};
  const { source } = releaseFiles(draft.app.at, draft.version);
  const run = (steps: readonly Step[]) => apply(steps, () => draft.app.host, context.report, context.signal);
  const key = outputKey(draft, own);
  const earlier = await earlierOutput(draft, key);
  const before = earlier === undefined ? new Set(await draft.app.host.files(source, PACKAGES)) : new Set<string>();
  let stow: readonly Step[] = [];
  if (own !== undefined) {
    if (earlier === undefined) await run(ownSteps(own, source, draft.app.host.name));
  } else {
    const tools = parseFrontendTools((await draft.app.host.exec(frontendQuery())).stdout);
    for (const [index, frontend] of frontends.entries()) {
      stow = [...stow, ...(await buildOne(draft, context, run, frontend, index + 1, tools, earlier !== undefined))];
    }
  }
  const output =
    earlier === undefined ? (await draft.app.host.files(source, PACKAGES)).filter((file) => !before.has(file)) : earlier.files;
  if (earlier !== undefined) await draft.app.reuse(earlier.folder, source, earlier.files);
  const record: BuiltOutput = { key, files: output };
  await draft.app.host.write(`${releaseFiles(draft.app.at, draft.version).folder}/frontend.json`, JSON.stringify(record));
  return () => run(stow);
}

/** One thing after the other can be lacking. */
const MOST_TRIES = 4;

async function buildOne(
  draft: Draft,
  context: Context,
  run: (steps: readonly Step[]) => Promise<void>,
  frontend: Frontend,
  number: number,
  tools: FrontendTools,
  packagesOnly: boolean,
): Promise<readonly Step[]> {
  const { source } = releaseFiles(draft.app.at, draft.version);
  const inputs = await readInputs(draft.project.root, frontend.directory);
  let fallback: FrontendFallback | undefined;
  let [found, path]: readonly [FrontendTools, string | undefined] = [tools, undefined];
  for (let tries = 1; ; tries++) {
    try {
      const steps = frontendSteps({
        host: draft.app.host.name,
        home: draft.app.at.home,
        source,
        frontend,
        number,
        inputs,
        tools: found,
        digest: sha256,
        env: path === undefined ? {} : { PATH: path },
        ...(fallback === undefined ? {} : { fallback }),
      });
      await run(packagesOnly ? steps.build.filter(({ id }) => !/\.build\.\d+$/.test(id)) : steps.build);
      return steps.stow;
    } catch (error) {
      const told = explainFrontend(Failure.from(error));
      const node: string | undefined = path === undefined ? await newerNode(draft, context, told.failure) : undefined;
      if (node !== undefined) {
        path = `${node}:${draft.app.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'}`;
        found = parseFrontendTools((await draft.app.host.exec({ ...frontendQuery(), env: { PATH: path } })).stdout);
        continue;
      }
      const next = {
        ...fallback,
        ...told.fallback,
        packages: [...(fallback?.packages ?? []), ...(told.fallback?.packages ?? [])],
      };
      if (told.fallback === undefined || tries === MOST_TRIES) throw told.failure;
      context.report({ type: 'note', message: `${told.failure.message}; trying another way` });
      fallback = next;
    }
  }
}

/** Folder of the Node that the front end demands, brought where this machine's is too old. */
async function newerNode({ app }: Draft, context: Context, failure: Failure): Promise<string | undefined> {
  const major = failure.code === 'NODE_TOO_OLD' ? wantedNode(`${failure.message}\n${failure.detail ?? ''}`) : undefined;
  const node = major === undefined ? undefined : ownNode(app.at.home, major, app.machine.architecture);
  if (node === undefined) return undefined;
  if (await app.host.exists(`${node.bin}/node`)) return node.bin;
  context.report({ type: 'note', message: `${failure.message}; Node ${major} is taken from the npm registry` });
  await app.host.folder(node.folder);
  const { code } = await app.host.exec(node.command, { signal: context.signal });
  return code === 0 && (await app.host.exists(`${node.bin}/node`)) ? node.bin : undefined;
}

const ownSteps = (commands: readonly (readonly string[])[], source: string, host: string): Step[] =>
  commands.map((argv, index) => ({
    id: `build.${index + 1}`,
    title: argv.join(' '),
    stage: 'build',
    host,
    action: { kind: 'run', command: { argv, cwd: source, timeoutSeconds: 3600 } },
    failure: {
      code: 'BUILD_COMMAND_FAILED',
      kind: 'project',
      message: `\`${argv.join(' ')}\` failed`,
      hint: 'mend it, or change `build:` in slipway.yml',
    },
  }));

const INPUTS =
  /^(package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|bun\.lockb?|\.npmrc|\.yarnrc(\.yml)?)$/;

async function readInputs(root: string, directory: string): Promise<{ path: string; content: string }[]> {
  const folder = join(root, directory);
  const names = (await readdir(folder)).filter((name) => INPUTS.test(name));
  return Promise.all(names.map(async (path) => ({ path, content: await readFile(join(folder, path), 'utf8') })));
}

/** Everything a front end could be built of: all files but Python code. */
function outputKey({ tree }: Draft, own: readonly (readonly string[])[] | undefined): string {
  const files = tree.files.filter(({ path }) => !path.endsWith('.py')).map(({ path, sha256: sum }) => `${path} ${sum}`);
  return sha256([JSON.stringify(own ?? null), ...files].join('\n'));
}

async function earlierOutput(
  { app, version }: Draft,
  key: string,
): Promise<{ folder: string; files: readonly string[] } | undefined> {
  const names = (await app.host.list(`${app.at.state}/releases`)).filter((name) => name < version);
  for (const name of names.reverse()) {
    const record = await readJson(app.host, `${releaseFiles(app.at, name).folder}/frontend.json`);
    if (isOutput(record) && record.key === key) return { folder: releaseFiles(app.at, name).source, files: record.files };
  }
  return undefined;
}

const isOutput = (value: unknown): value is BuiltOutput =>
  typeof value === 'object' && value !== null && 'key' in value && 'files' in value && Array.isArray(value.files);

/** What package managers bring. */
const PACKAGES = ['node_modules'];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
