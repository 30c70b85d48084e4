import type { Published } from '../published.js';

/** What a failed installation is told as, and the words for it. */
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
  /** A lock file that is older than its manifest is taken as it is. */
  readonly staleLock?: true;
  /** Bounds that were read from the code are let go: they contradict what is declared. */
  readonly unbounded?: true;
  /** The versions that the requirements ask for themselves win over what dependencies want. */
  readonly ownVersions?: true;
  /** Names of distributions that the app does without here: what is in their place comes as an addition. */
  readonly without?: readonly string[];
  /** Requirements that take the place of lines whose repository cannot be read. */
  readonly published?: readonly Published[];
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

export type Told = Omit<BuildFailure, 'detail' | 'package'> & { readonly package?: string };

export interface Rule {
  readonly pattern: RegExp;
  /** `name` is the distribution with its version, or a word for it where none was named. */
  readonly tell: (groups: readonly string[], name: string) => Told | undefined;
}

/** `django==4.2` → `django 4.2` */
export const spaced = (requirement: string): string => requirement.replace(/==/, ' ').replace(/[.,]$/, '');

/** `django 4.2` → `django` */
export const bare = (name: string): string => (name.startsWith('A ') ? 'it' : (name.split(' ')[0] ?? name));

export const withoutLogin = (url: string): string => url.replace(/\/\/[^@/\s]*@/g, '//');

/** uv's explanation, on one line and without the leading words. */
export const sentence = (text: string): string =>
  text
    .replace(/^\s*(cause:|×|╰─▶)\s*/gm, '')
    .replace(/\s+/g, ' ')
    .replace(/^Because /, '')
    .trim();

export const tooNew = (name: string): Told => ({
  code: 'PYTHON_TOO_NEW',
  kind: 'project',
  message: `${name} is older than this Python and cannot be built on it`,
  hint: PIN_PYTHON,
});

export const PIN_PYTHON = 'Name the Python it was written for, in .python-version or in slipway.yml:  python: "3.9"';
