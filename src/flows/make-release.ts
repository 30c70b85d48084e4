import type { Place, ServiceAddresses, StaticAttempt } from '../config/resolve/input.js';
import { groundwork, type Resolution, resolveRelease } from '../config/resolve/release.js';
import type { Kept } from '../config/resolve/writable.js';
import type { Env } from '../core/command.js';
import type { Reporter } from '../core/event.js';
import type { Facts } from '../core/facts.js';
import { Failure, type Warning } from '../core/failure.js';
import { apply } from '../engine/apply.js';
import { describeCompressed } from '../ops/compress.js';
import { releaseFiles } from '../targets/local/layout.js';
import type { LocalOptions } from '../targets/local/options.js';
import { runBuildCommands } from './build-commands.js';
import { buildEnvironment } from './build-environment.js';
import { type Bytecode, openBytecode } from './bytecode.js';
import { type Draft, directoryOf, withInterpreter } from './draft.js';
import { buildFrontends } from './frontends.js';
import { holdReport } from './held-report.js';
import { runHook } from './hooks.js';
import { keepPlaces } from './kept-places.js';
import type { Making } from './making.js';
import { missingPrograms } from './missing-programs.js';
import { localPlace } from './place.js';
import type { LocalRelease } from './release-record.js';
import { recordOf } from './release-record.js';
import { releaseOf, servicesAndMigrations, type Unready } from './services-and-migrations.js';
import { chooseSettings } from './settings-choice.js';
import type { Site } from './site.js';
import { sourceSteps } from './source.js';
import { stage } from './stage.js';
import { type CollectedStatic, type Collecting, collectStatic, type Sizes } from './statics.js';
import { unbuiltWarnings } from './unbuilt.js';
import { openWorkshop } from './workshop.js';

/** A release that can be started. */
export interface Made {
  readonly release: LocalRelease;
  readonly warnings: readonly Warning[];
  /** When all of its files are there and it counts as a release, which it must before it is live. @throws Failure COMPRESS_FAILED (environment) */
  readonly whole: Promise<void>;
  /** When nothing of its making goes on any more. What may be missing of it then costs a start time, and nothing else; never fails. */
  readonly settled: Promise<unknown>;
  /** Tells what comes next, in its turn: not before the making is done. */
  readonly report: Reporter;
}

/**
 * Everything slow and risky, before anything live is touched: the copy, the environment, the settings' answers, static files, services,
 * migrations. What it leaves when it fails is not a release.
 * @param site what it is made for
 */
export async function makeRelease(making: Making, site: Site): Promise<Made> {
  const bytecode = openBytecode(making);
  try {
    return await make(making, site, bytecode);
  } catch (error) {
    await bytecode.giveUp();
    throw error;
  }
}

async function make(making: Making, site: Site, bytecode: Bytecode): Promise<Made> {
  const { context, app, version } = making;
  const ahead = holdReport(context.report);
  let rest: Promise<readonly Warning[]> | undefined;
  const goOn = (unready: Unready, whole: () => Promise<void>): void => {
    rest ??= servicesAndMigrations({ ...making, context: { ...context, report: ahead.report } }, site, unready, whole);
    rest.catch(() => {});
  };
  const building = async (collected: (built: Built) => void) => {
    await site.open();
    const early = mayMigrateEarly(making, site) ? (unready: Unready) => goOn(unready, async () => {}) : () => {};
    const result = await build(
      making,
      site,
      placeOf(making, site, await app.secrets.together(() => site.addresses())),
      bytecode,
      early,
    );
    // Nothing of the project's can fail any more in this stage: the next ones begin while static files are compressed.
    goOn(result, async () => {
      await result.statics?.compressed;
      await bytecode.whole();
    });
    collected(result);
    const sizes = await result.statics?.compressed;
    return { summary: [`environment ${result.packages} packages`, ...describeStatic(sizes)].join(' · '), result };
  };
  let stageDone: Promise<unknown> = Promise.resolve();
  const built = await new Promise<Built>((resolve, reject) => {
    stageDone = stage(context.report, 'build', () => building(resolve));
    stageDone.catch(reject);
  }).catch(async (error: unknown) => {
    await rest?.catch(() => {});
    throw error;
  });
  const told = stageDone.then(() => ahead.release());
  const warnings = await rest?.catch(async (error: unknown) => {
    await told;
    throw error;
  });
  const release = releaseOf(built);
  const finish = async () => {
    await told;
    const [path, text] = [releaseFiles(app.at, version).record, recordOf(release)];
    await (site.writeRecord?.(path, text) ?? app.host.write(path, text, app.privateMode));
  };
  const whole = finish().catch(async (error: unknown) => {
    await bytecode.giveUp();
    throw error;
  });
  whole.catch(() => {});
  const settled = Promise.allSettled([whole, bytecode.whole()]);
  return { release, warnings: [...built.warnings, ...(warnings ?? [])], whole, settled, report: ahead.report };
}

/**
 * Whether databases may be made ready beside the collecting of static files, which can still fail: where nothing that is live uses them, no other
 * host is to have the release first, and no command of the user's counts on the order.
 */
const mayMigrateEarly = ({ first, hooks, build: commands }: Making, { spread }: Site): boolean =>
  first === true && spread === undefined && Object.keys(hooks ?? {}).length === 0 && (commands ?? []).length === 0;

interface Built extends Unready {
  readonly statics: Collecting | undefined;
  /** How many distributions its environment holds. */
  readonly packages: number;
  readonly warnings: readonly Warning[];
}

const placeOf = (
  { app, version, ports, domains }: Making,
  site: Site,
  services: ServiceAddresses,
  staticUrl?: string,
): Place => ({
  ...localPlace(app, version, ports, services, domains, staticUrl),
  target: site.target,
});

/** @param early called when all but the static files are as they will be */
async function build(
  making: Making,
  site: Site,
  first: Place,
  bytecode: Bytecode,
  early: (unready: Unready) => void,
): Promise<Built> {
  const { context, app, project, choices, tree, version } = making;
  const run = (steps: Parameters<typeof apply>[0]) => apply(steps, () => app.host, context.report, context.signal);
  const before = { app: choices.app ?? project.name.value, release: version, project, choices, place: first };
  const ground = groundwork(before);
  for (const wish of ground.variables.secrets) await app.secrets.ensure(wish.name, wish.shape);

  const copied = run([...(await sourceSteps(app, version, project.root, tree)), ...placedFileSteps(making)]);
  copied.catch(() => {});
  const asked = [...ground.additions.map(({ requirement }) => requirement), ...(making.pythonPackages ?? [])];
  const workshop = await openWorkshop(making, asked, async (additions) => {
    if (making.bringEnvironment === undefined)
      return buildEnvironment({ making, additions, database: ground.database.kind, copied });
    await copied;
    return making.bringEnvironment();
  });
  await copied;
  const stow = await buildFrontends(workshop.draft(), context, making.build);

  bytecode.begin(workshop.environment().bytecode);
  const chosen = await chooseSettings(workshop, context, before, ground);
  bytecode.begin(workshop.environment().bytecode);
  const [draft, environment] = [workshop.draft(), workshop.environment()];
  const place = placeOf(making, site, first.services, staticUrlOf(chosen.facts));
  const input = {
    ...chosen.before,
    project: chosen.project,
    place,
    facts: chosen.facts,
    probed: releaseFiles(app.at, version).source,
    source: {
      root: project.root,
      fingerprint: tree.fingerprint,
      ...(tree.commit === undefined ? {} : { commit: tree.commit }),
      ...(tree.dirty === undefined ? {} : { dirty: tree.dirty }),
    },
    python: environment.python,
  };
  const resolve = async (staticAttempt?: StaticAttempt): Promise<Resolution> => {
    const resolution = resolveRelease({ ...input, ...(staticAttempt === undefined ? {} : { staticAttempt }) });
    for (const wish of resolution.secrets) await app.secrets.ensure(wish.name, wish.shape);
    return resolution;
  };
  let resolution = await resolve();
  refuseMissing(resolution);
  const kept = keepPlaces(
    app,
    version,
    [...resolution.kept, ...ownFolders(making, place)],
    new Set(project.seeds.map(({ value }) => value)),
  );
  kept.catch(() => {});
  const provisional = await site.options(provisionalOptions(making, draft, input.facts), input.facts);
  let pinned = '';
  const writePins = async (final: Resolution) => {
    const step = site.pins({ ...final.release, options: provisional }, settingsPackages(input.facts));
    if (JSON.stringify(step) === pinned) return;
    await run([step]);
    pinned = JSON.stringify(step);
  };
  await Promise.all([kept, writePins(resolution)]);
  const env: Env = {
    ...resolution.release.env,
    ...site.variables({ ...resolution.release, options: provisional }),
    DJANGO_SETTINGS_MODULE: resolution.release.settingsModule,
    SLIPWAY_PINS: releaseFiles(app.at, version).pins,
    SLIPWAY_RELEASE: version,
  };
  const hooks = { host: app.host, context, directory: directoryOf(draft), env: withInterpreter(draft, env) };
  await runHook('before_build', making.hooks?.['before_build'], hooks);
  const unbuilt = await runBuildCommands(draft, context, env, 'before');
  early({ draft, resolution, env, options: provisional });
  const statics = await collectStatic(draft, context, resolution.release, input.facts, env, async (attempt) => {
    resolution = await resolve(attempt);
    await writePins(resolution);
  });
  const collected = statics?.collected;
  await stow();
  await runHook('after_build', making.hooks?.['after_build'], hooks);
  const options: LocalOptions = {
    ...provisional,
    staticKey: collected?.key ?? null,
    sampleStatic: collected?.sample ?? null,
    webSockets: resolution.release.web.interface === 'asgi',
  };
  return {
    draft,
    resolution,
    env,
    statics,
    packages: environment.packages,
    options,
    warnings: [
      ...environment.warnings,
      ...chosen.warnings,
      ...resolution.warnings,
      ...unbuilt,
      ...missingReferences(collected),
      ...(await unbuiltWarnings(app.host, releaseFiles(app.at, version).source, project)),
      ...(await missingPrograms(app.runner, project, site.installed)),
    ],
  };
}

/** The user's own folders beside the code, kept like those that were detected. */
const ownFolders = ({ keptFolders }: Making, { paths }: Place): Kept[] =>
  (keptFolders ?? []).map((path) => ({
    path,
    to: `${paths.data}/kept/${path}`,
    how: 'link',
    kind: 'folder',
    reason: 'keep: in slipway.yml',
  }));

const describeStatic = (sizes: Sizes | undefined): string[] =>
  sizes === undefined ? [] : [describeCompressed({ ...sizes, reused: 0 })];

const missingReferences = (collected: CollectedStatic | undefined): Warning[] =>
  collected === undefined || collected.missing.length === 0
    ? []
    : [
        {
          code: 'static-references',
          message: `static files refer to files that are not there: ${collected.missing.slice(0, 3).join(', ')}`,
          hint: 'add them, or remove the references',
        },
      ];

const staticUrlOf = (facts: Facts): string => {
  const url = facts.settings['STATIC_URL']?.value;
  const path = typeof url === 'string' && !url.includes('://') ? url : '/static/';
  return path.startsWith('/') ? path : `/${path}`;
};

/** The packages whose modules make up the settings: the chosen module's own, where it has split ones. */
export function settingsPackages(facts: Facts): string[] {
  const parts = facts.settingsModule.split('.');
  return parts.length > 2 || parts.at(-2) === 'settings' ? [parts.slice(0, -1).join('.')] : [];
}

function refuseMissing({ missing }: Resolution): void {
  const [first] = missing;
  if (first === undefined) return;
  const install = {
    postgresql: 'apt-get install -y postgresql',
    mysql: 'apt-get install -y mariadb-server',
    redis: 'apt-get install -y redis-server',
  }[first.kind];
  throw new Failure(
    'SERVICE_MISSING',
    'environment',
    `The project needs ${first.kind} (${first.reason}), and this machine has none`,
    { hint: install },
  );
}

function provisionalOptions(making: Making, draft: Draft, facts: Facts): LocalOptions {
  const admin = facts.urls?.admin;
  const zone = facts.settings['TIME_ZONE']?.value;
  return {
    layout: making.app.at,
    httpsPort: making.ports.https,
    httpPort: making.ports.http,
    inputs: making.inputs,
    staticKey: null,
    venv: draft.venv,
    created: new Date().toISOString(),
    timeZone: typeof zone === 'string' ? zone : null,
    adminPath: admin === undefined ? null : admin.startsWith('/') ? admin : `/${admin}`,
    webSockets: false,
    sampleStatic: null,
    keptFolders: [],
    keep: making.keep,
  };
}

/** Files of slipway.yml's `files:`, into the release, never into the project. */
function placedFileSteps({ app, version, placedFiles }: Making) {
  const { source } = releaseFiles(app.at, version);
  return Object.entries(placedFiles).map(([path, content]) => ({
    id: `files.${path}`,
    title: path,
    stage: 'build' as const,
    host: app.host.name,
    lane: 'source',
    action: { kind: 'file' as const, path: `${source}/${path}`, content, mode: app.privateMode },
  }));
}
