import { access, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { choicesOf } from '../config/choices.js';
import { environmentConfig } from '../config/environment.js';
import { initText } from '../config/init.js';
import { FILE_NAMES, loadConfig } from '../config/load.js';
import type { Choices } from '../config/resolve/input.js';
import { groundwork } from '../config/resolve/release.js';
import type { Config } from '../config/schema.js';
import { Failure } from '../core/failure.js';
import type { Project, Variable } from '../core/project.js';
import { inspect } from '../project/inspect.js';
import { type App, openApp } from './app.js';
import type { Gathered } from './check.js';
import { checkApp, NO_SECRETS } from './check-app.js';
import type { Context } from './context.js';
import { LOCAL_DOMAINS, localPlace } from './place.js';
import { serviceAddresses } from './services.js';
import { readJson } from './toolbox.js';
import { readWanted } from './wanted.js';

const PORTS = { https: 8443, http: 8080, redis: 6390 } as const;

/**
 * Writes slipway.yml into the project, with what was detected switched off and blanks for what nobody but the user can know. What a file that is
 * written over decides stays decided.
 * @throws Failure CONFIG_EXISTS (usage) where there is one and `force` is not given, CONFIG_NOT_WRITABLE (environment), and those of the static pass
 */
export async function init(
  context: Context,
  { force }: { readonly force: boolean },
): Promise<{ path: string; text: string; changed: boolean }> {
  const real = await openApp(context);
  const app = await checkApp(real, NO_SECRETS);
  const project = await inspect(real.root);
  const wanted = [...(await readWanted(real)), ...(await readWanted(app))];
  const missing = missingVariable(await lastCheck(app));
  const missed = wanted.flatMap((want) => (want.kind === 'variable' ? [want] : []));
  const before = force ? await decidedBefore(real.root) : {};
  const blanks = await requiredBlanks(app, project, choicesOf(environmentConfig(before, 'local')));
  const text = initText({
    project,
    chosen: before,
    blanks: [...blanks, ...(missing === undefined ? [] : [missing]), ...missed],
    wanted,
  });
  const path = await pathFor(real.root);
  const there = await context.host.read(path);
  if (there === text) return { path, text, changed: false };
  if (there !== undefined && !force) {
    throw new Failure('CONFIG_EXISTS', 'usage', `${path} is there already`, {
      hint: 'slipway init --force   # writes over it; what it says now is shown first',
    });
  }
  await write(context, real.root, path, text);
  return { path, text, changed: true };
}

/** Blanks are blanks again. What cannot be read decides nothing: it is what `--force` is for. */
async function decidedBefore(root: string): Promise<Config> {
  try {
    const { env, ...config } = (await loadConfig(root)).config;
    const filled = Object.entries(env ?? {}).filter(([, value]) => value !== null);
    return filled.length === 0 ? config : { ...config, env: Object.fromEntries(filled) };
  } catch (error) {
    if (error instanceof Failure && error.kind === 'config') return {};
    throw error;
  }
}

/** The file that is there under either name, else the usual one. */
async function pathFor(root: string): Promise<string> {
  for (const name of FILE_NAMES) {
    const path = join(root, name);
    if ((await lstat(path).catch(() => undefined)) !== undefined) return path;
  }
  return join(root, FILE_NAMES[0]);
}

async function write(context: Context, root: string, path: string, text: string): Promise<void> {
  try {
    await access(root, 2);
    await context.host.write(path, text, 0o644);
  } catch (cause) {
    throw new Failure('CONFIG_NOT_WRITABLE', 'environment', `${path} cannot be written`, { cause, hint: `ls -ld ${root}` });
  }
}

/** Variables that the settings require and whose value cannot be told from their name and use. */
async function requiredBlanks(app: App, project: Project, choices: Choices): Promise<readonly Variable[]> {
  const services = await serviceAddresses(app, project, PORTS);
  const place = localPlace(app, 'init', PORTS, services, LOCAL_DOMAINS);
  return groundwork({ app: project.name.value, release: 'init', project, choices, place }).variables.placeholders;
}

/** What the last `check` came to, whether the settings loaded or not. */
async function lastCheck(app: App): Promise<Gathered | undefined> {
  const kept = await readJson(app.host, `${app.at.state}/evidence.json`);
  return isKept(kept) ? kept.gathered : undefined;
}

const isKept = (value: unknown): value is { gathered: Gathered } =>
  typeof value === 'object' && value !== null && 'gathered' in value;

/** A variable that only running the settings brought to light. */
function missingVariable(known: Gathered | undefined): Variable | undefined {
  const failure = known?.evidence.failure;
  const name = failure?.code === 'VARIABLE_MISSING' ? /--env (\w+)=/.exec(failure.hint)?.[1] : undefined;
  return name === undefined ? undefined : { name, from: failure?.where ?? '', required: true, type: 'string' };
}
