import { Failure } from '../core/failure.js';
import { aptInstall, headerPackages, libraryPackages, programPackages } from './debian-names.js';

export type BuildFailureCode =
  | 'COMPILER_MISSING'
  | 'HEADER_MISSING'
  | 'LIBRARY_MISSING'
  | 'PROGRAM_MISSING'
  | 'HASH_MISMATCH'
  | 'HASH_MISSING'
  | 'NO_MATCHING_VERSION'
  | 'NO_SUCH_PACKAGE'
  | 'PYTHON_TOO_NEW'
  | 'PYTHON_TOO_OLD'
  | 'BUILD_TOOLS_TOO_NEW'
  | 'METADATA_INVALID'
  | 'REQUIREMENTS_INVALID'
  | 'LOCK_STALE'
  | 'UV_VERSION'
  | 'INDEX_UNREACHABLE'
  | 'INDEX_DENIED'
  | 'CERTIFICATE_REFUSED'
  | 'REPOSITORY_UNREACHABLE'
  | 'CONFLICT'
  | 'DISK_FULL'
  | 'BUILD_FAILED';

/** A second way, for a failure that is known to go away with it. */
export interface Fallback {
  /** pip itself in place of uv: it takes metadata and options that uv refuses. */
  readonly installer?: 'pip';
  /** What builds may be built with: `setuptools<58`. */
  readonly buildConstraints?: readonly string[];
  /** The uv that the project's settings demand: `==0.5.0`. */
  readonly uv?: string;
}

export interface BuildFailure {
  readonly code: BuildFailureCode;
  readonly kind: 'project' | 'environment';
  /** The distribution that could not be installed, with its version where it is known: `mysqlclient 2.2.4`. */
  readonly package?: string;
  /** What is missing, in the words of whoever looked for it: `libpq-fe.h`, `pg_config`, `gcc`. */
  readonly missing?: string;
  /** Debian packages that bring it; `a|b` where releases differ. */
  readonly debian?: readonly string[];
  readonly fallback?: Fallback;
  readonly message: string;
  readonly hint: string;
  /** The lines that say so. */
  readonly detail: string;
}

type Told = Omit<BuildFailure, 'detail' | 'package'> & { readonly package?: string };

interface Rule {
  readonly pattern: RegExp;
  /** `name` is the distribution with its version, or a word for it where none was named. */
  readonly tell: (groups: readonly string[], name: string) => Told | undefined;
}

const PIN_PYTHON = 'Name the Python it was written for, in .python-version or in slipway.yml:  python: "3.9"';

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

const program = (name: string, missing: string): Told =>
  programPackages(missing).includes('build-essential')
    ? lacks(name, 'COMPILER_MISSING', 'compiler', missing, programPackages(missing))
    : lacks(name, 'PROGRAM_MISSING', 'program', missing, programPackages(missing));

const oldBuild = (name: string, bound: string): Told => ({
  code: 'BUILD_TOOLS_TOO_NEW',
  kind: 'project',
  fallback: { buildConstraints: [bound] },
  message: `${name} cannot be built with today's build tools; it needs ${bound}`,
  hint: `Move to a version of ${bare(name)} that is published as a wheel`,
});

const tooNew = (name: string): Told => ({
  code: 'PYTHON_TOO_NEW',
  kind: 'project',
  message: `${name} is older than this Python and cannot be built on it`,
  hint: PIN_PYTHON,
});

const unreachable = (what: string): Told => ({
  code: 'INDEX_UNREACHABLE',
  kind: 'environment',
  message: `The package index does not answer: ${what}`,
  hint: 'Check the network, the proxy (HTTPS_PROXY) and the index (PIP_INDEX_URL, pip config list):  python3 -m pip download --no-deps pip',
});

const host = (text: string): string => /https?:\/\/(?:[^@/\s]*@)?([\w.:-]+)/.exec(text)?.[1] ?? 'its address';

/** In order: what is certain first, what may be a consequence of something else last. */
const RULES: readonly Rule[] = [
  {
    pattern: /No space left on device|os error 28/,
    tell: () => ({ code: 'DISK_FULL', kind: 'environment', message: 'The disk is full', hint: 'df -h; uv cache clean' }),
  },
  {
    pattern: /Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES[^\n]*\n\s*([^\s]+) from/,
    tell: ([uv, pip]) => ({
      code: 'HASH_MISMATCH',
      kind: 'project',
      package: spaced(uv ?? pip ?? ''),
      message: `${spaced(uv ?? pip ?? 'A package')} is not the file whose hash the project recorded`,
      hint: 'Lock again only if you know why it changed; otherwise someone may have changed the package',
    }),
  },
  {
    pattern:
      /require-hashes[^\n]*none were provided for: (\S+)|Hashes are required in --require-hashes mode[^\n]*\n\s*(\S+)|In `--require-hashes` mode, all requirements must [^\n]*?: (\S+)/i,
    tell: ([a, b, c]) => ({
      code: 'HASH_MISSING',
      kind: 'project',
      package: spaced(a ?? b ?? c ?? ''),
      message: `Some requirements have hashes and ${spaced(a ?? b ?? c ?? 'one')} has none: all must have them, or none`,
      hint: 'pip-compile --generate-hashes',
    }),
  },
  {
    pattern:
      /pyproject\.toml changed significantly since poetry\.lock|Lock file hash doesn't match|lock ?file[^\n]*(?:out of date|outdated|out-of-date)|lockfile needs to be updated/i,
    tell: () => ({
      code: 'LOCK_STALE',
      kind: 'project',
      message: 'The lock file is older than the dependencies it is for',
      hint: 'Lock again and commit it: poetry lock, pdm lock, uv lock or pipenv lock',
    }),
  },
  {
    pattern: /Required uv version `([^`]+)` does not match/,
    tell: ([version = '']) => ({
      code: 'UV_VERSION',
      kind: 'project',
      fallback: { uv: /^\d/.test(version) ? `==${version}` : version },
      message: `The project demands uv ${version}`,
      hint: 'Loosen required-version in [tool.uv] or uv.toml',
    }),
  },
  {
    pattern:
      /Couldn't parse requirement in `([^`]+)`[^\n]*\n[^\n]*\n\s*([^\n]*)|Invalid requirement: '([^']*)' \(from (line \d+ of [^)]+)\)|Invalid requirement: '?([^'\n]*)'?/,
    tell: ([file, line, text, where, other]) => ({
      code: 'REQUIREMENTS_INVALID',
      kind: 'project',
      message: `${file ?? where ?? 'A requirements file'} has a line that is no requirement: ${(line ?? text ?? other ?? '').trim()}`,
      hint: 'Mend or remove that line',
    }),
  },
  {
    pattern: /File not found: `?([^\n`]+?)`?\n|Could not open (?:requirements|constraints) file: [^\n]*'([^']+)'/,
    tell: ([uv, pip]) => ({
      code: 'REQUIREMENTS_INVALID',
      kind: 'project',
      missing: uv ?? pip ?? '',
      message: `The requirements name a file that is not there: ${uv ?? pip}`,
      hint: 'Commit that file, or remove the line that names it',
    }),
  },
  {
    pattern: /Unexpected '-', expected '-c'|unexpected option|--(?:global|install)-option/i,
    tell: () => ({
      code: 'REQUIREMENTS_INVALID',
      kind: 'project',
      fallback: { installer: 'pip' },
      message: 'A requirements file uses an option that only pip knows',
      hint: 'Remove the option',
    }),
  },
  {
    pattern: /Git executable not found|Cannot find command 'git'/,
    tell: (_, name) => program(name, 'git'),
  },
  {
    pattern:
      /Git operation failed[\s\S]*?(?:fetch|clone)[^\n]*?'?((?:https?|ssh|git):\/\/[^\s'`]+)|git clone[^\n]*?((?:https?|ssh|git):\/\/[^\s'`]+)[^\n]*did not run/,
    tell: ([uv, pip]) => ({
      code: 'REPOSITORY_UNREACHABLE',
      kind: 'environment',
      missing: withoutLogin(uv ?? pip ?? ''),
      message: `The repository of a dependency cannot be read: ${withoutLogin(uv ?? pip ?? '')}`,
      hint: `git ls-remote ${withoutLogin(uv ?? pip ?? '')}`,
    }),
  },
  {
    pattern: /invalid peer certificate|CERTIFICATE_VERIFY_FAILED|certificate verify failed/,
    tell: () => ({
      code: 'CERTIFICATE_REFUSED',
      kind: 'environment',
      message: "The package index's certificate is not trusted on this machine",
      hint: 'Name the authority your network uses:  export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
    }),
  },
  {
    pattern:
      /(?:HTTP status client error|status code|HTTP error|Client Error)[^\n]*?(401|403|407)[^\n]*|(401|403|407) (?:Client )?Error[^\n]*/i,
    tell: ([uv, pip]) => ({
      code: 'INDEX_DENIED',
      kind: 'environment',
      message: `The package index refuses this machine (${uv ?? pip})`,
      hint: 'Give the login in ~/.netrc, in PIP_INDEX_URL or in UV_INDEX_<NAME>_USERNAME and _PASSWORD',
    }),
  },
  {
    pattern:
      /Failed to fetch: ([^\n]*)[\s\S]*?(?:dns error|tcp connect error|operation timed out|connection closed|client error|Connection re)/i,
    tell: ([address = '']) => unreachable(host(address)),
  },
  {
    pattern:
      /(NewConnectionError|Temporary failure in name resolution|Name or service not known|Max retries exceeded|Read timed out|ConnectTimeoutError|ProxyError)[^\n]*/,
    tell: ([, ...rest]) => unreachable(host(rest.join(' '))),
  },
  { pattern: /use_2to3 is invalid/, tell: (_, name) => oldBuild(name, 'setuptools<58') },
  { pattern: /No module named 'pkg_resources'/, tell: (_, name) => oldBuild(name, 'setuptools<81') },
  {
    pattern: /has no attribute 'cython_sources'|Cython\.Compiler\.Errors\.CompileError/,
    tell: (_, name) => oldBuild(name, 'cython<3'),
  },
  {
    pattern: /module 'setuptools' has no attribute '(?:find_namespace_packages_compat|_distutils_compat)'|install_layout/,
    tell: (_, name) => oldBuild(name, 'setuptools<66'),
  },
  {
    pattern:
      /Because (\S+) was not found in the package registry|\(from versions: none\)[\s\S]*?No matching distribution found for (\S+)/,
    tell: ([uv, pip]) => ({
      code: 'NO_SUCH_PACKAGE',
      kind: 'project',
      package: spaced(uv ?? pip ?? ''),
      message: `The package index has no package ${spaced(uv ?? pip ?? '')}`,
      hint: 'Mend its name in the requirements, or name the index it is on:  --extra-index-url https://…',
    }),
  },
  {
    pattern: /\((\d+\.\d+[\d.]*)\) does not satisfy Python(\S+) and (\S+) depends on/,
    tell: ([python = '', range = '', name = '']) => ({
      code: 'PYTHON_TOO_OLD',
      kind: 'project',
      package: spaced(name),
      message: `${spaced(name)} needs Python ${range.replace(/,$/, '')}, and this is ${python}`,
      hint: `Name a Python that all dependencies run on, in .python-version or in slipway.yml:  python: "3.12"`,
    }),
  },
  {
    pattern:
      /(\S+) has no wheels with a matching Python (?:ABI|version|implementation) tag|no wheels? (?:with|for)[^\n]*?(\S+==\S+)/,
    tell: ([uv, other]) => ({ ...tooNew(spaced(uv ?? other ?? '')), package: spaced(uv ?? other ?? '') }),
  },
  {
    pattern:
      /Because there (?:is|are) no versions? of (\S+?)(?:,| and you require)|Could not find a version that satisfies the requirement (\S+)/,
    tell: ([uv, pip]) => ({
      code: 'NO_MATCHING_VERSION',
      kind: 'project',
      package: spaced(uv ?? pip ?? ''),
      message: `The package index has no ${spaced(uv ?? pip ?? '')} that this Python can install`,
      hint: 'Mend the version in the requirements',
    }),
  },
  {
    pattern:
      /No solution found when resolving[^\n]*\n([\s\S]*?)(?:\n\n|\nhint|$)|Cannot install ([^\n]+?) because these package versions have conflicting/,
    tell: ([uv, pip]) => ({
      code: 'CONFLICT',
      kind: 'project',
      package: '',
      message: `The requirements contradict each other: ${sentence(uv ?? pip ?? '')}`,
      hint: 'Loosen or change one of them, and lock again',
    }),
  },
  {
    pattern:
      /No module named '(?:distutils|imp|setuptools\.extern\.six)'|has no attribute 'ImpImporter'|longintrepr\.h|has no member named 'tp_print'|has no member named ['‘](?:use_tracing|curexc_\w+|recursion_depth|exc_type)['’]|_PyLong_AsByteArray|PyUnicode_GET_SIZE|configured Python interpreter version \([\d.]+\) is newer than PyO3/,
    tell: (_, name) => tooNew(name),
  },
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
  {
    pattern:
      /Failed to parse(?: metadata)?[^\n]*(?:pyproject\.toml|METADATA|PKG-INFO)|Couldn't parse metadata|Metadata field \S+ not found|metadata[^\n]*(?:is invalid|was invalid)|Expected[^\n]*version[^\n]*found/i,
    tell: (_, name) => ({
      code: 'METADATA_INVALID',
      kind: 'project',
      fallback: { installer: 'pip' },
      message: `${name} says wrongly what it needs, so that modern installers refuse it`,
      hint: `Move to a newer version of ${bare(name)}`,
    }),
  },
];

/** `django==4.2` → `django 4.2` */
const spaced = (requirement: string): string => requirement.replace(/==/, ' ').replace(/[.,]$/, '');

/** `django 4.2` → `django` */
const bare = (name: string): string => (name.startsWith('A ') ? 'it' : (name.split(' ')[0] ?? name));

const withoutLogin = (url: string): string => url.replace(/\/\/[^@/\s]*@/g, '//');

/** uv's explanation, on one line and without the leading words. */
const sentence = (text: string): string =>
  text
    .replace(/^\s*(cause:|×|╰─▶)\s*/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/^Because /, '')
    .trim();

const PACKAGE = [
  /Failed to (?:build|download and build|download|fetch|prepare)[^`\n]*`([^`\n]+)`/,
  /error in (\S+) setup command/,
  /(?:Failed building wheel for|Could not build wheels for) ([\w.-]+)/,
  /Failed to build(?: installable wheels for some pyproject\.toml based projects \()? ?([\w.-]+)/,
  /Collecting ([^\s(]+)(?![\s\S]*\n\s*Collecting )/,
];

function packageOf(output: string): string | undefined {
  for (const pattern of PACKAGE) {
    const name = pattern.exec(output)?.[1];
    if (name !== undefined) return spaced(name);
  }
  return undefined;
}

const NOISE =
  /^\s*(?:$|!!|\*{8,}|warning: no (?:previously|files)|(?:running|copying|creating|writing|adding|reading) )|Deprecat|File "<string>"|^\s*\^+\s*$|(?:Downloading|Downloaded|Building|Using Python|Looking in)/;
const KEPT = 15;

/** The lines that matter: those around the one that was recognised, else the last ones; without passwords. */
function excerpt(output: string, at: number): string {
  const upto = output.slice(0, at).split('\n').length + 5;
  const lines = output.split('\n').slice(0, at < 0 ? undefined : upto);
  return withoutLogin(
    lines
      .filter((line) => !NOISE.test(line))
      .slice(-KEPT)
      .map((line) => line.slice(0, 240))
      .join('\n'),
  );
}

/**
 * Why dependencies could not be installed, read from what uv, pip or a manager said. Always an answer: `BUILD_FAILED` where nothing is recognised.
 *
 * @param output both streams of the installer.
 */
export function explainBuildFailure(output: string): BuildFailure {
  const named = packageOf(output);
  for (const { pattern, tell } of RULES) {
    const match = pattern.exec(output);
    if (match === null) continue;
    const groups: readonly string[] = match.slice(1);
    const told = tell(groups, named ?? 'A dependency');
    if (told === undefined) continue;
    const { package: own, ...rest } = told;
    const name = own ?? named;
    return {
      ...rest,
      ...(name === undefined || name === '' ? {} : { package: name }),
      detail: excerpt(output, match.index + match[0].length),
    };
  }
  return {
    code: 'BUILD_FAILED',
    kind: 'environment',
    ...(named === undefined ? {} : { package: named }),
    message: `${named ?? 'A dependency'} could not be installed`,
    hint:
      named === undefined
        ? 'Read what the installer said, below'
        : `Move to a version of ${bare(named)} that is published as a wheel for this Python`,
    detail: excerpt(output, -1),
  };
}

/** The same as the Failure that ends the run. */
export const buildFailure = (why: BuildFailure): Failure =>
  new Failure(why.code, why.kind, why.message, { hint: why.hint, detail: why.detail });

/** Codes of the steps whose output an installer wrote. */
const INSTALLING = new Set(['DEPENDENCIES_FAILED', 'ADDITIONS_FAILED', 'TOOLBOX_FAILED']);

export interface Explained {
  readonly failure: Failure;
  /** Worth one more try with this. */
  readonly fallback?: Fallback;
}

/**
 * What to show in place of a failed step's own Failure, and what to try before showing it. A Failure of anything but an installation comes back as
 * it is. Where what Slipway adds contradicts the project's pins, the code is ADDITIONS_CONFLICT and the message names both.
 */
export function explainInstallation(failed: Failure): Explained {
  if (!INSTALLING.has(failed.code)) return { failure: failed };
  const why = explainBuildFailure(failed.detail ?? '');
  if (failed.code === 'TOOLBOX_FAILED' && ['NO_MATCHING_VERSION', 'NO_SUCH_PACKAGE'].includes(why.code)) {
    // pip says the same of an index that does not answer and of one that has no such file.
    const message = `The package index does not answer, or has no ${why.package} for this machine`;
    return {
      failure: new Failure('INDEX_UNREACHABLE', 'environment', message, { hint: unreachable('').hint, detail: why.detail }),
    };
  }
  if (failed.code === 'ADDITIONS_FAILED' && why.code === 'CONFLICT') {
    const message = `What Slipway adds does not go with the versions the project has pinned: ${why.message.replace(/^[^:]*: /, '')}`;
    return {
      failure: new Failure('ADDITIONS_CONFLICT', 'project', message, {
        hint: 'Let the pin go, or pin a server version that fits it yourself',
        detail: why.detail,
      }),
    };
  }
  return { failure: buildFailure(why), ...(why.fallback === undefined ? {} : { fallback: why.fallback }) };
}
