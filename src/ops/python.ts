import { Failure } from '../core/failure.js';
import type { Found } from '../core/found.js';
import { found } from '../core/found.js';
import type { PythonWish } from '../core/project.js';
import type { Interpreter, PythonSystem } from './interpreters.js';
import { compareVersions, isPreRelease, isSpecifier, satisfies } from './pep440.js';

/** Series that were ever released, oldest first. */
const SERIES = ['3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];

/** The one Python each distribution packages. https://packages.debian.org/python3 https://packages.ubuntu.com/python3 */
const DISTRIBUTION_PYTHON: Readonly<Record<string, string>> = {
  'debian 11': '3.9',
  'debian 12': '3.11',
  'debian 13': '3.13',
  'ubuntu 20.04': '3.8',
  'ubuntu 22.04': '3.10',
  'ubuntu 24.04': '3.12',
  'ubuntu 26.04': '3.14',
};

/** `3.12.1` → `3.12` */
export const series = (version: string): string => version.split('.').slice(0, 2).join('.');

const minor = (version: string): number => Number(version.split('.')[1] ?? 0);

const holdsAll = (version: string, ranges: readonly Found<string>[]): boolean =>
  ranges.every((range) => satisfies(version, range.value));

const usable = (interpreter: Interpreter): boolean =>
  interpreter.implementation === 'cpython' &&
  !interpreter.freeThreaded &&
  !interpreter.lacks.includes('ssl') &&
  !interpreter.lacks.includes('zlib');

/** Lower is better, compared item by item: the series asked for, else the nearest to it; whole builds; newest; able to compile. */
function rank(interpreter: Interpreter, preferred: string | undefined): number[] {
  const distance = preferred === undefined ? 0 : minor(interpreter.version) - minor(preferred);
  return [
    preferred !== undefined && compareVersions(interpreter.version, preferred) === 0 ? 0 : 1,
    Number(isPreRelease(interpreter.version)),
    // An older project does better on the next newer Python than on one before it.
    distance < 0 ? -distance * 2 : distance,
    interpreter.lacks.length,
    -minor(interpreter.version),
    Number(!interpreter.headers),
    -Number(interpreter.version.split('.')[2]?.replace(/\D.*/, '') ?? 0),
  ];
}

function better(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, place) => value !== b[place]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** Versions worth asking about a range: the last of every series, and every version the ranges name. */
const samples = (ranges: readonly Found<string>[]): string[] => [
  ...SERIES.map((name) => `${name}.99`),
  ...ranges.flatMap((range) => range.value.match(/\d+(\.\d+)+/g) ?? []),
];

/** A sample as an installer is asked for it. */
const toInstall = (sample: string): string => (sample.endsWith('.99') ? series(sample) : sample);

/** The version to install so that the ranges hold, newest first choice; undefined where they contradict each other. */
function wantedVersion(wish: PythonWish): string | undefined {
  for (const ranges of [[...wish.required, ...(wish.advised ?? [])], wish.required]) {
    const fitting = samples(ranges).filter((version) => holdsAll(version, ranges));
    const preferred = fitting.find((version) => wish.preferred !== undefined && series(version) === series(wish.preferred.value));
    const best = preferred ?? fitting.sort(compareVersions).at(-1);
    if (best !== undefined) return toInstall(best);
  }
  return undefined;
}

/** The command that brings a Python of this version to this host. */
export function pythonInstallCommand(version: string, system?: PythonSystem): string {
  const name = series(version);
  const packaged = DISTRIBUTION_PYTHON[`${system?.id ?? ''} ${system?.version ?? ''}`];
  // A package has whatever patch release the distribution is at, so an exact version is left to pyenv and uv.
  if (packaged === name && version === name) return `apt-get install -y python${name} python${name}-venv python${name}-dev`;
  if (system?.pyenv === true && system.uv !== true) return `pyenv install ${version}`;
  return system?.uv === true
    ? `uv python install ${version}`
    : `pip install uv && uv python install ${version}    (or: pyenv install ${version})`;
}

/**
 * The version to bring to a host, where what is there is not what the project names or its Django was made for; undefined where it is. What an
 * installer should be asked for: a series, or an exact version where the ranges leave no other.
 */
export function absentPython(interpreters: readonly Interpreter[], wish: PythonWish): string | undefined {
  const { required, preferred } = wish;
  if (!required.every((range) => isSpecifier(range.value))) return undefined;
  const able = interpreters.filter((one) => usable(one) && holdsAll(one.version, required));
  const named = preferred === undefined ? undefined : series(preferred.value);
  if (able.some((one) => series(one.version) === named)) return undefined;
  const ofName = samples(required).find((version) => series(version) === named && holdsAll(version, required));
  if (ofName !== undefined) return toInstall(ofName);
  const advised = (wish.advised ?? []).filter((range) => isSpecifier(range.value));
  const both = [...required, ...advised];
  const isBetter = able.length === 0 || samples(both).some((version) => holdsAll(version, both));
  if (!isBetter || able.some((one) => holdsAll(one.version, advised))) return undefined;
  const wanted = wantedVersion(wish);
  return wanted === undefined || compareVersions(wanted, SERIES[0] ?? '') < 0 ? undefined : wanted;
}

const say = (ranges: readonly Found<string>[]): string => ranges.map((range) => `${range.value} (${range.from})`).join(' and ');

function missing(interpreters: readonly Interpreter[], wish: PythonWish, system: PythonSystem | undefined): Failure {
  const installed = interpreters.map((one) => `${one.version} (${one.path})${usable(one) ? '' : ', not usable'}`).join('\n');
  const detail = installed === '' ? 'No Python 3 was found on this machine.' : `Installed:\n${installed}`;
  const version = wantedVersion(wish);
  const oldest = SERIES[0] ?? '';
  if (version !== undefined && compareVersions(version, oldest) < 0) {
    return new Failure(
      'PYTHON_UNSUPPORTED',
      'project',
      `The project wants ${say(wish.required)}, and Python ${oldest} is the oldest that is run`,
      {
        hint: `Bring the project to a Django that runs on Python ${oldest} or newer: 1.8 is the first`,
      },
    );
  }
  if (version === undefined) {
    return new Failure('PYTHON_CONFLICT', 'project', `No Python can satisfy this project: it wants ${say(wish.required)}`, {
      hint: `Mend the one that is wrong: ${wish.required.map((range) => range.from).join(', ')}`,
      detail,
    });
  }
  const ranges = wish.required.length > 0 ? say(wish.required) : `Python ${version}`;
  return new Failure('PYTHON_MISSING', 'environment', `No Python on this machine fits: the project wants ${ranges}`, {
    hint: pythonInstallCommand(version, system),
    detail,
  });
}

function reason(best: Interpreter, wish: PythonWish, ranges: readonly Found<string>[]): string {
  const { preferred } = wish;
  if (preferred === undefined) return ranges.length === 0 ? 'newest installed' : `newest installed within ${say(ranges)}`;
  if (series(preferred.value) === series(best.version)) return preferred.from;
  return `nearest installed to ${preferred.value} (${preferred.from})`;
}

/**
 * The interpreter a project is to run on: the one it names, else the nearest to that, else the newest that all its ranges allow; what the
 * Django series was made for comes before what is merely allowed. `from` says why in words.
 *
 * @throws Failure PYTHON_MISSING (environment): nothing installed fits; the hint installs one.
 * @throws Failure PYTHON_UNSUPPORTED (project): only Pythons that are no longer run would do.
 * @throws Failure PYTHON_CONFLICT (project): the ranges contradict each other, or one of them is no specifier.
 */
export function chooseInterpreter(
  interpreters: readonly Interpreter[],
  wish: PythonWish,
  system?: PythonSystem,
): Found<Interpreter> {
  const unreadable = wish.required.find((range) => !isSpecifier(range.value));
  if (unreadable !== undefined) {
    throw new Failure('PYTHON_CONFLICT', 'project', `${unreadable.from}: "${unreadable.value}" is no range of Python versions`, {
      hint: 'Write it like ">=3.10,<3.13"',
    });
  }
  const hard = interpreters.filter((one) => usable(one) && holdsAll(one.version, wish.required));
  const preferred = wish.preferred?.value;
  const named = hard.filter((one) => preferred !== undefined && series(one.version) === series(preferred));
  const soft = (wish.advised ?? []).filter((range) => isSpecifier(range.value));
  const made = named.length > 0 ? [] : hard.filter((one) => holdsAll(one.version, soft));
  const candidates = named.length > 0 ? named : made.length > 0 ? made : hard;
  const [best] = [...candidates].sort((a, b) => better(rank(a, preferred), rank(b, preferred)));
  if (best === undefined) throw missing(interpreters, wish, system);
  return found(best, reason(best, wish, made.length > 0 ? [...wish.required, ...soft] : wish.required));
}

/** Series of other installed Pythons that all ranges allow: those before the one that was tried, the nearest first, then those after it. */
export function otherSeries(interpreters: readonly Interpreter[], wish: PythonWish, tried: readonly string[]): string[] {
  const [last = ''] = tried.slice(-1);
  const ranges = wish.required.filter((range) => isSpecifier(range.value));
  const all = interpreters
    .filter((one) => usable(one) && !isPreRelease(one.version) && holdsAll(one.version, ranges))
    .map(({ version }) => series(version));
  const others = [...new Set(all)].filter((name) => !tried.includes(name)).sort(compareVersions);
  return [
    ...others.filter((name) => compareVersions(name, last) < 0).reverse(),
    ...others.filter((name) => compareVersions(name, last) > 0),
  ];
}
