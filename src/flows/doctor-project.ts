import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Groundwork, groundwork } from '../config/resolve/release.js';
import { Failure } from '../core/failure.js';
import type { NativeNeed, Project } from '../core/project.js';
import { frontendQuery, lowestNode, parseFrontendTools } from '../ops/frontend.js';
import { lookedFor, nativeQuery, parseNatives } from '../ops/natives.js';
import { chooseInterpreter } from '../ops/python.js';
import { chooseToolboxPython } from '../ops/toolbox.js';
import { fingerprint } from '../project/fingerprint.js';
import { environmentPaths } from '../targets/local/environment.js';
import type { App } from './app.js';
import { sharedFingerprint } from './check-app.js';
import type { Decided } from './decide.js';
import { serviceEntries } from './doctor-services.js';
import { systemNginx } from './edge.js';
import { planEnvironment, wishedPython } from './environment.js';
import { LOCAL_DOMAINS, localPlace } from './place.js';
import type { DoctorEntry } from './results.js';
import { serviceAddresses } from './services.js';
import type { Pythons } from './toolbox.js';
import type { Tooling } from './tooling.js';

export interface Patient {
  readonly app: App;
  readonly real: App;
  readonly project: Project;
  /** What slipway.yml says. */
  readonly decided: Decided;
  readonly tooling: Tooling;
}

const PORTS = { https: 8443, http: 8080, redis: 6390 } as const;

/** What this project needs of this machine. */
export async function projectEntries(patient: Patient): Promise<DoctorEntry[]> {
  const pythons = await patient.tooling.pythons();
  const ground = await groundOf(patient);
  const parts = await Promise.all([
    natives(patient, pythons, ground),
    serviceEntries(patient, ground),
    edge(patient),
    frontends(patient),
  ]);
  return [...interpreters(patient, pythons), ...parts.flat()];
}

async function groundOf({ app, project, decided }: Patient): Promise<Groundwork> {
  const services = await serviceAddresses(app, project, PORTS);
  return groundwork({
    app: decided.choices.app ?? project.name.value,
    release: 'doctor',
    project,
    choices: decided.choices,
    place: localPlace(app, 'doctor', PORTS, services, LOCAL_DOMAINS),
  });
}

/** A Failure of a chooser as what is lacking. */
export function lacking(name: string, neededBy: string, error: unknown): DoctorEntry {
  const failure = Failure.from(error);
  if (failure.kind === 'bug') throw error;
  return { name, ok: false, found: failure.message, neededBy, mend: failure.hint ?? '' };
}

function interpreters({ project, decided }: Patient, { interpreters: all, system }: Pythons): DoctorEntry[] {
  return [
    chosen('Python', decided.choices.settingsModule ?? project.settings.value, () =>
      chooseInterpreter(all, wishedPython(project, decided.python), system),
    ),
    chosen('venv module', "Slipway's tools", () => ({ value: chooseToolboxPython(all, system), from: '' })),
  ];
}

function chosen(
  name: string,
  neededBy: string,
  choose: () => { value: { version: string; path: string }; from: string },
): DoctorEntry {
  try {
    const { value, from } = choose();
    return { name, ok: true, found: `${value.version} (${value.path})${from === '' ? '' : `, ${from}`}`, neededBy, mend: '' };
  } catch (error) {
    return lacking(name, neededBy, error);
  }
}

const COMPILER: NativeNeed = {
  wantedBy: '',
  when: 'build',
  packages: ['gcc'],
  probe: { program: 'gcc' },
  onlyWithoutWheel: false,
};

/** Libraries and programs by package. What matters only where no wheel is to be had is left for then. */
async function natives(patient: Patient, pythons: Pythons, ground: Groundwork): Promise<DoctorEntry[]> {
  const { app, project } = patient;
  const { interpreters: all, system } = pythons;
  // An environment that is made has been built already.
  const made = await isMade(patient, ground);
  const needs = project.natives.filter(
    ({ onlyWithoutWheel, when, probe }) => !onlyWithoutWheel && !(made && when === 'build' && !('program' in probe)),
  );
  const built = needs.filter(({ when, probe }) => when === 'build' && !('program' in probe));
  const [first] = built;
  const wanted = first === undefined ? needs : [{ ...COMPILER, wantedBy: first.wantedBy }, ...needs];
  if (wanted.length === 0) return [];
  const missing = parseNatives((await app.host.exec(nativeQuery(wanted))).stdout, wanted);
  const entries = wanted.map((need): DoctorEntry => {
    const lack = missing.find((one) => one.need === need);
    return {
      name: lookedFor(need),
      ok: lack === undefined,
      found: lack === undefined ? 'there' : 'not found',
      neededBy: need.wantedBy,
      mend: lack?.install ?? '',
    };
  });
  return [...unique(entries), ...(first === undefined ? [] : pythonHeaders(patient, first, all, system))];
}

async function isMade({ app, real, project, decided, tooling }: Patient, ground: Groundwork): Promise<boolean> {
  try {
    const { fingerprint: hash } = await fingerprint(real.root, sharedFingerprint(real));
    const additions = [...ground.additions.map(({ requirement }) => requirement), ...decided.pythonPackages];
    const wished = decided.python === undefined ? {} : { python: decided.python };
    const { python } = await planEnvironment(
      { ...wished, app, project, additions, fingerprint: hash, source: real.root },
      tooling,
    );
    return await app.host.exists(`${environmentPaths(app.at.home, python.key).folder}/.complete`);
  } catch {
    // No interpreter fits, which is told on its own.
    return false;
  }
}

function pythonHeaders(
  { project, decided }: Patient,
  need: NativeNeed,
  all: Pythons['interpreters'],
  system: Pythons['system'],
): DoctorEntry[] {
  try {
    const { value } = chooseInterpreter(all, wishedPython(project, decided.python), system);
    const minor = value.version.split('.').slice(0, 2).join('.');
    return [
      {
        name: 'Python.h',
        ok: value.headers,
        found: value.headers ? 'there' : 'not found',
        neededBy: need.wantedBy,
        mend: value.headers ? '' : `apt-get install -y python${minor}-dev`,
      },
    ];
  } catch {
    // Told already, as the interpreter that is not there.
    return [];
  }
}

const unique = (entries: readonly DoctorEntry[]): DoctorEntry[] => [
  ...new Map(entries.map((entry) => [entry.name, entry])).values(),
];

async function edge({ app }: Patient): Promise<DoctorEntry[]> {
  const nginx = await systemNginx(app.host);
  const found =
    nginx === undefined
      ? 'none that fits; the packaged one is fetched from PyPI'
      : `${nginx.build.version.join('.')} (${nginx.program})`;
  return [{ name: 'nginx', ok: true, found, neededBy: 'the edge', mend: '' }];
}

async function frontends({ app, project, decided }: Patient): Promise<DoctorEntry[]> {
  // Commands of `build:` are run instead of what was detected.
  if (project.frontends.length === 0 || decided.build !== undefined) return [];
  const tools = parseFrontendTools((await app.host.exec(frontendQuery())).stdout);
  const own = await Promise.all(
    project.frontends.map(({ directory, from }) => nodeFor(project.root, directory, from, tools.node)),
  );
  const npm = tools.managers.includes('npm');
  return [
    ...own,
    {
      name: 'npm',
      ok: npm,
      found: npm ? 'there' : 'not found',
      neededBy: project.frontends[0]?.from ?? '',
      mend: npm ? '' : 'apt-get install -y nodejs npm',
    },
  ];
}

async function nodeFor(root: string, directory: string, from: string, node: string | undefined): Promise<DoctorEntry> {
  const wanted = await enginesOf(join(root, directory, 'package.json'));
  const lowest = wanted === undefined ? undefined : lowestNode(wanted);
  const old = node !== undefined && lowest !== undefined && Number(node.split('.')[0]) < lowest;
  const where = `${directory === '' ? '' : `${directory}/`}package.json`;
  const mend =
    node === undefined
      ? 'apt-get install -y nodejs npm'
      : old
        ? `https://nodejs.org/en/download   # Node ${lowest} or newer`
        : '';
  return {
    name: `Node.js for ${where}`,
    ok: mend === '',
    found: node === undefined ? 'not found' : old ? `${node}, and ${wanted} is wanted` : node,
    neededBy: from,
    mend,
  };
}

async function enginesOf(path: string): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(path, 'utf8'));
    const engines = typeof manifest === 'object' && manifest !== null && 'engines' in manifest ? manifest.engines : undefined;
    const node = typeof engines === 'object' && engines !== null && 'node' in engines ? engines.node : undefined;
    return typeof node === 'string' ? node : undefined;
  } catch {
    return undefined;
  }
}
