import type { Resolution } from '../config/resolve/release.js';
import { found } from '../core/found.js';
import type { Evidence, Resolved } from '../findings/evidence.js';
import type { Fingerprint } from '../project/fingerprint.js';
import { inspect } from '../project/inspect.js';
import type { App } from './app.js';
import type { Gathered } from './check.js';
import { checkCopy } from './check-copy.js';
import { runCheckJobs } from './check-jobs.js';
import { readForFindings } from './check-reading.js';
import { type CheckedRelease, checkRelease, type Reached, troubleOf } from './check-release.js';
import { standIn } from './check-stand-ins.js';
import type { Context } from './context.js';
import type { Looked } from './decide.js';
import { describeProject } from './describe-project.js';
import type { Making } from './making.js';
import { LOCAL_DOMAINS } from './place.js';
import { readPorts } from './ports.js';
import { openTooling } from './tooling.js';

export interface Gathering {
  readonly context: Context;
  /** The app itself, and as `check` works on it. */
  readonly real: App;
  readonly app: App;
  readonly looked: Looked;
  readonly tree: Fingerprint;
}

const PORTS = { https: 8443, http: 8080 } as const;
/** Where nothing answers: code that runs while an app is looked at must not reach the Redis of the running one. */
const NOWHERE = { redis: 9 } as const;

/** Warnings of the resolution that a finding says better. */
const SAID_BETTER = /^(ignored-setting|development-app|memory-cache|static-unhashed|mail-held)$/;

/** Reads the tree, and runs the settings as far as they can be. @throws Failure of the static pass */
export async function gatherEvidence(gathering: Gathering): Promise<Gathered> {
  const { app, context, looked } = gathering;
  const project = await inspect(app.root);
  const name = looked.decided.choices.app ?? project.name.value;
  context.report({ type: 'app', name, summary: describeProject(project) });
  const unset = await standIn(app, looked, project);
  const base = { environment: context.environment, domains: domainsOf(looked), unsetSecrets: unset };
  const reached: Reached = {};
  try {
    const release = await checkRelease(await makingOf(gathering, project), gathering.real, reached);
    const own = await runCheckJobs(release.draft, context, release.resolution.release.settingsModule, release.own, true);
    const pinned = await runCheckJobs(release.draft, context, release.resolution.release.settingsModule, release.pinned, false);
    const evidence: Evidence = {
      ...base,
      isInstalled: true,
      project: release.project,
      facts: release.facts,
      probed: release.probed,
      python: release.python.version,
      reading: await readForFindings(release.project, release.facts),
      resolved: resolvedOf(release.resolution),
      unsetVariables: looked.target === 'local' ? [] : release.resolution.placeholders.map(({ name, from }) => found(name, from)),
      troubles: [...own.troubles, ...pinned.troubles.map((trouble) => ({ ...trouble, code: `pinned-${trouble.code}` }))],
      ...(own.messages === undefined ? {} : { own: own.messages }),
      ...(pinned.messages === undefined ? {} : { pinned: pinned.messages }),
      ...(own.drift === undefined ? {} : { drift: own.drift }),
    };
    return { app: name, evidence, overrides: release.resolution.overrides, warnings: warningsOf(release, looked) };
  } catch (error) {
    const failure = troubleOf(error);
    const known = { ...base, isInstalled: false, project, ...reached };
    return {
      app: name,
      evidence: { ...known, failure, reading: await readForFindings(known.project, known.facts) },
      overrides: [],
      warnings: [],
    };
  }
}

/** Where nothing is named, the app is taken for one on this machine. */
const domainsOf = ({ target, domains }: Looked): readonly string[] =>
  target === 'local' || domains.length === 0 ? LOCAL_DOMAINS : domains;

async function makingOf({ context, real, app, looked, tree }: Gathering, project: Making['project']): Promise<Making> {
  const { decided, target } = looked;
  const isHere = target === 'local';
  return {
    context,
    app,
    project,
    tree,
    choices: decided.choices,
    ...(decided.python === undefined ? {} : { python: decided.python }),
    placedFiles: decided.placedFiles,
    pythonPackages: decided.pythonPackages,
    indexes: decided.indexes,
    version: await checkCopy(app, context, tree, decided.placedFiles),
    inputs: '',
    ports: { ...PORTS, ...(isHere ? await readPorts(real) : { https: 443, http: 80 }), ...NOWHERE },
    domains: domainsOf(looked),
    ...(isHere ? {} : { target }),
    tooling: openTooling(app, context),
    keep: 0,
  };
}

function resolvedOf({ release, database, services }: Resolution): Resolved {
  const { server, interface: spoken, workers, threads } = release.web;
  const caches = release.pins.find(({ name }) => name === 'CACHES')?.value;
  const moved =
    typeof caches === 'object' && caches !== null
      ? Object.entries(caches).filter(([, entry]) => /redis/i.test(JSON.stringify(entry)))
      : [];
  return {
    web: { server, interface: spoken, workers, threads },
    processes: release.processes.map(({ name, kind, scale }) => ({ name, kind, scale })),
    database: database.kind,
    services: services.map(({ kind }) => kind),
    held: release.pins.map(({ name }) => name),
    sharedCaches: moved.map(([alias]) => alias),
  };
}

/** What this machine lacks says nothing about another. */
function warningsOf({ resolution, warnings }: CheckedRelease, { target }: Looked) {
  const lacking = (target === 'local' ? resolution.missing : []).map(({ kind, reason }) => ({
    code: `service-missing-${kind}`,
    message: `${reason}, and this machine has no ${kind} that Slipway could run`,
    hint: 'slipway doctor',
  }));
  return [...warnings, ...resolution.warnings, ...lacking].filter(({ code }) => !SAID_BETTER.test(code));
}
