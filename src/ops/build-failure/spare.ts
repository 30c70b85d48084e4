import type { BuildFailure, Fallback } from './told.js';

/** What takes the place of a distribution that cannot be built, or that nothing here needs. */
export interface Spare {
  readonly without: NonNullable<Fallback['without']>;
  /** Requirements to add. */
  readonly instead: readonly string[];
  readonly reason: string;
}

/** The same code, published built. https://www.psycopg.org/docs/install.html https://pypi.org/project/pyuwsgi/ */
const BUILT: Readonly<Record<string, { readonly name: string; readonly sameVersion: boolean }>> = {
  psycopg2: { name: 'psycopg2-binary', sameVersion: true },
  'psycopg-c': { name: 'psycopg-binary', sameVersion: true },
  uwsgi: { name: 'pyuwsgi', sameVersion: false },
};

/** Drivers by the database they are of: on another, nothing imports them. */
const DRIVER_OF: Readonly<Record<string, string>> = {
  mysqlclient: 'mysql',
  'mysql-python': 'mysql',
  'cx-oracle': 'oracle',
  oracledb: 'oracle',
  pyodbc: 'mssql',
  pymssql: 'mssql',
};

/** Programs for developers and operators that no application imports to serve a page: without them it is the same. */
const TOOLS =
  /^(flower|black|flake8(-.+)?|pylint(-.+)?|mypy|isort|autopep8|yapf|ruff|bandit|tox|nox|pre-commit|coverage|codecov|coveralls|pytest(-.+)?|sphinx(-.+)?|ipdb|ipython|jupyter(-.+)?|notebook|twine|bumpversion|pip-tools|pipenv|poetry|virtualenv|safety|locust)$/;

const LACKING = ['COMPILER_MISSING', 'HEADER_MISSING', 'LIBRARY_MISSING', 'PROGRAM_MISSING'];
const NATIVE = [...LACKING, 'PYTHON_TOO_NEW', 'BUILD_FAILED'];

/** True where the system lacks something that a build wants. */
export const lacksNatives = ({ code }: Pick<BuildFailure, 'code'>): boolean => LACKING.includes(code);

/** True where the distribution could not be built from source. */
export const isUnbuilt = ({ code }: Pick<BuildFailure, 'code'>): boolean => NATIVE.includes(code);

/**
 * Something to install in place of what could not be built, or what can be left out of a set that contradicts itself.
 * @param database the one the app gets here: `postgresql`, `mysql`, `sqlite`, …
 */
export function spareFor(why: Pick<BuildFailure, 'code' | 'package' | 'message'>, database: string): Spare | undefined {
  if (why.code === 'CONFLICT') return spareTools(why.message);
  const [distribution = '', version] = (why.package ?? '').split(' ');
  const name = distribution.toLowerCase().replace(/[-_.]+/g, '-');
  if (!isUnbuilt(why)) return undefined;
  const built = BUILT[name];
  if (built !== undefined) {
    const instead = built.sameVersion && version !== undefined ? `${built.name}==${version}` : built.name;
    return { without: [name], instead: [instead], reason: `${instead} is the same, built already` };
  }
  const driver = DRIVER_OF[name];
  if (driver === undefined || driver === database) return undefined;
  return { without: [name], instead: [], reason: `it is the driver of a database that the app does not use here` };
}

function spareTools(message: string): Spare | undefined {
  const named = [...message.matchAll(/\b([A-Za-z][\w.-]*)(?===|[<>~! ])/g)].map(([, name = '']) =>
    name.toLowerCase().replace(/[-_.]+/g, '-'),
  );
  const without = [...new Set(named)].filter((name) => TOOLS.test(name));
  if (without.length === 0) return undefined;
  const reason =
    without.length === 1
      ? 'it is a tool, and serving the app does not need it'
      : 'they are tools, and serving the app does not need them';
  return { without, instead: [], reason };
}
