import { compareVersions } from '../ask.js';
import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';

interface Break {
  readonly distribution: string;
  /** The first version that builds, or comes as a wheel. */
  readonly since: string;
  /** From this Python on. */
  readonly python: string;
  readonly reason: string;
}

const WHEEL = 'has no wheel for it and must be compiled';
const C_API = 'uses parts of the interpreter that it has no longer';
const CYTHON = 'was made for Cython before 3.0 and does not compile today';

/** Files of PyPI: the first release with a wheel for the Python, or the one whose notes name it. */
export const BREAKS: readonly Break[] = [
  { distribution: 'psycopg2-binary', since: '2.9.2', python: '3.10', reason: WHEEL },
  { distribution: 'psycopg2-binary', since: '2.9.5', python: '3.11', reason: WHEEL },
  { distribution: 'psycopg2-binary', since: '2.9.8', python: '3.12', reason: WHEEL },
  { distribution: 'psycopg2-binary', since: '2.9.10', python: '3.13', reason: WHEEL },
  { distribution: 'pillow', since: '8.4', python: '3.10', reason: WHEEL },
  { distribution: 'pillow', since: '9.3', python: '3.11', reason: WHEEL },
  { distribution: 'pillow', since: '10.1', python: '3.12', reason: WHEEL },
  { distribution: 'pillow', since: '11.0', python: '3.13', reason: WHEEL },
  { distribution: 'lxml', since: '4.9.1', python: '3.11', reason: WHEEL },
  { distribution: 'lxml', since: '4.9.3', python: '3.12', reason: WHEEL },
  { distribution: 'lxml', since: '5.3', python: '3.13', reason: WHEEL },
  { distribution: 'pyyaml', since: '6.0.1', python: '3.11', reason: CYTHON },
  { distribution: 'numpy', since: '1.23.3', python: '3.11', reason: WHEEL },
  { distribution: 'numpy', since: '1.26', python: '3.12', reason: 'builds with distutils, which is gone' },
  { distribution: 'pandas', since: '2.1.1', python: '3.12', reason: WHEEL },
  { distribution: 'greenlet', since: '2.0', python: '3.11', reason: C_API },
  { distribution: 'greenlet', since: '3.0', python: '3.12', reason: C_API },
  { distribution: 'greenlet', since: '3.1', python: '3.13', reason: C_API },
  { distribution: 'gevent', since: '23.9', python: '3.12', reason: C_API },
  { distribution: 'aiohttp', since: '3.8.3', python: '3.11', reason: C_API },
  { distribution: 'aiohttp', since: '3.9', python: '3.12', reason: C_API },
  { distribution: 'frozenlist', since: '1.4', python: '3.12', reason: WHEEL },
  { distribution: 'yarl', since: '1.9.3', python: '3.12', reason: WHEEL },
  { distribution: 'multidict', since: '6.0.5', python: '3.12', reason: WHEEL },
  { distribution: 'cffi', since: '1.15.1', python: '3.11', reason: WHEEL },
  { distribution: 'cffi', since: '1.16', python: '3.12', reason: WHEEL },
  { distribution: 'cffi', since: '1.17', python: '3.13', reason: WHEEL },
  { distribution: 'typed-ast', since: '99', python: '3.12', reason: 'ends with Python 3.11' },
  { distribution: 'pydantic', since: '1.10.13', python: '3.12', reason: 'does not run on it' },
  { distribution: 'pydantic-core', since: '2.10', python: '3.12', reason: WHEEL },
  { distribution: 'pydantic-core', since: '2.20', python: '3.13', reason: C_API },
  { distribution: 'orjson', since: '3.9.8', python: '3.12', reason: WHEEL },
  { distribution: 'uwsgi', since: '2.0.22', python: '3.12', reason: C_API },
  { distribution: 'grpcio', since: '1.59', python: '3.12', reason: WHEEL },
  { distribution: 'setuptools', since: '66.1', python: '3.12', reason: 'imports what the standard library no longer has' },
  { distribution: 'markupsafe', since: '2.0', python: '3.10', reason: 'wants a setuptools from before 58' },
];

export const buildRules: readonly Rule[] = [
  {
    id: 'dependencies.old-for-python',
    severity: 'warning',
    title: 'A pinned version does not go with the chosen Python',
    page: {
      what: 'The version that is pinned was published before this Python: there is no wheel for it, or it does not compile on it.',
      risk: 'The installation compiles for minutes, wants compilers and headers on every server, or fails. A server that is set up in a hurry is the wrong place to find out.',
      mend: 'Raise the pin to the version the message names, or name an older Python for the project (`.python-version`).',
      slipway: 'Tries older build tools where these are known to help, and names the headers that are missing.',
    },
    find: oldPins,
  },
];

/** Where the environment could be made all the same, it is only worth a word. */
function oldPins({ project, python, facts }: Evidence): Hit[] {
  if (python === undefined) return [];
  const bySize = [...BREAKS].sort((a, b) => compareVersions(b.python, a.python));
  return Object.entries(project.dependencies.packages).flatMap(([name, version]) => {
    const found = bySize.find(
      (entry) =>
        entry.distribution === name &&
        version !== null &&
        compareVersions(python, entry.python) >= 0 &&
        compareVersions(version, entry.since) < 0,
    );
    if (found === undefined || version === null) return [];
    return [
      {
        message: `${name} ${version} and Python ${python}: it ${found.reason}`,
        hint: found.since === '99' ? `remove ${name}` : `${name}>=${found.since}`,
        where: project.dependencies.files[0] ?? '',
        ...(facts === undefined ? {} : { severity: 'info' as const }),
      },
    ];
  });
}
