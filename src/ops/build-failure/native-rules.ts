import { aptInstall, headerPackages, libraryPackages, programPackages } from '../debian-names.js';
import type { BuildFailureCode, Rule, Told } from './told.js';

/** Published as wheels for the Pythons of their day: that one is built at all means that this Python is newer. */
const WHEELED =
  /^(psycopg2-binary|psycopg-binary|pillow|lxml|cffi|numpy|scipy|pandas|cryptography|bcrypt|grpcio|greenlet|gevent|pyyaml|orjson|pydantic-core|matplotlib|reportlab|ujson|uvloop|httptools|shapely) /i;

const lacks = (name: string, code: BuildFailureCode, kindOf: string, missing: string, debian: readonly string[]): Told => ({
  code,
  kind: 'environment',
  missing,
  debian,
  message: `${name} cannot be built here: the ${kindOf} ${missing} is missing`,
  hint: `${debian.length > 0 ? aptInstall(debian) : `apt-file search ${missing}`}${WHEELED.test(`${name} `) ? '   # or name an older Python, which it has wheels for' : ''}`,
});

const header = (name: string, missing: string, python: string | undefined): Told =>
  lacks(
    name,
    'HEADER_MISSING',
    'header',
    missing,
    missing === 'Python.h' && python ? [`${python}-dev`] : headerPackages(missing),
  );

/** A program that a build calls: the compiler, or another. */
export const program = (name: string, missing: string): Told =>
  programPackages(missing).includes('build-essential')
    ? lacks(name, 'COMPILER_MISSING', 'compiler', missing, programPackages(missing))
    : lacks(name, 'PROGRAM_MISSING', 'program', missing, programPackages(missing));

/** Compilers, headers and libraries that a build looks for and does not find. */
export const NATIVE_RULES: readonly Rule[] = [
  {
    pattern: /-I\S*(python3\.\d+)\S*[\s\S]*?fatal error: (Python\.h)/,
    tell: ([python, file = ''], name) => header(name, file, python),
  },
  { pattern: /fatal error: ([\w./+-]+\.h(?:pp|xx)?): No such file/, tell: ([file = ''], name) => header(name, file, undefined) },
  { pattern: /(pg_config) executable not found/, tell: ([missing = ''], name) => program(name, missing) },
  {
    pattern: /(mysql_config|mariadb_config|krb5-config)[:\s][^\n]*not found/,
    tell: ([missing = ''], name) => program(name, missing),
  },
  { pattern: /Could not run (curl-config)/, tell: ([missing = ''], name) => program(name, missing) },
  {
    pattern: /xml(2)-config|libxml2 and libxslt development packages|make sure the development packages of libxml2/,
    tell: (_, name) => program(name, 'xml2-config'),
  },
  { pattern: /Could not find (gdal-config)/, tell: ([missing = ''], name) => program(name, missing) },
  {
    pattern: /can't find (Rust) compiler|[Ii]s `?(cargo)`? installed|cargo[^\n]*is not installed or is not on PATH/,
    tell: (_, name) => program(name, 'cargo'),
  },
  {
    pattern:
      /pkg-config --exists (mariadb|mysqlclient)|No package '([^']+)' found|Package '?([\w.+-]+)'?, required by|Dependency "([^"]+)" not found|Package ([\w.+-]+) was not found in the pkg-config/,
    tell: (groups, name) => {
      const missing = groups.find((group) => group !== undefined) ?? '';
      return lacks(name, 'LIBRARY_MISSING', 'library', missing, libraryPackages(missing));
    },
  },
  {
    pattern: /cannot find -l([\w+-]+)/,
    tell: ([missing = ''], name) => lacks(name, 'LIBRARY_MISSING', 'library', missing, libraryPackages(missing)),
  },
  {
    pattern: /headers or library files could not be found for (\w+)/,
    tell: ([missing = ''], name) => lacks(name, 'LIBRARY_MISSING', 'library', missing, libraryPackages(missing)),
  },
  {
    // Newer setuptools says no more than this of a compiler, by whatever name CC has, that is not there.
    pattern: /building '[^']+' extension[\s\S]*?error: \[Errno 2\] No such file or directory: '([^'/]+)'/,
    tell: ([missing = ''], name) => lacks(name, 'COMPILER_MISSING', 'compiler', missing, ['build-essential']),
  },
  {
    pattern:
      /No such file or directory: '((?:x86_64|aarch64)-linux-gnu-gcc|gcc|g\+\+|cc|c\+\+|make|cmake|swig|gfortran|pkg-config|git|cargo|rustc)'|unable to execute '([^']+)'|command '([^']+)' failed: No such file/,
    tell: (groups, name) =>
      program(
        name,
        groups
          .find((group) => group !== undefined)
          ?.split('/')
          .at(-1) ?? '',
      ),
  },
  {
    pattern:
      /you need a C compiler|no acceptable C compiler|C compiler cannot be found|Unable to find a C compiler|Unknown compiler\(s\)/i,
    tell: (_, name) => program(name, 'gcc'),
  },
];
