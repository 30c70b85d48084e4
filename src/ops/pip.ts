import type { Env } from '../core/command.js';

/** What compilers, git and ssh may read of the user's environment, beside what every command gets. Nothing that would send packages elsewhere. */
const PASSED = [
  'CC',
  'CXX',
  'CFLAGS',
  'CXXFLAGS',
  'CPPFLAGS',
  'LDFLAGS',
  'LD_LIBRARY_PATH',
  'LIBRARY_PATH',
  'CPATH',
  'PKG_CONFIG_PATH',
  'MAKEFLAGS',
  'ORACLE_HOME',
  'SSH_AUTH_SOCK',
  'GIT_SSH_COMMAND',
  'GIT_SSL_CAINFO',
  'GIT_CONFIG_GLOBAL',
  'NETRC',
] as const;

/** The part of the user's environment that reaches builds of dependencies: compilers, libraries in odd places, keys for private repositories. */
export const buildEnvironment = (environment: Readonly<Record<string, string | undefined>>): Env =>
  Object.fromEntries(PASSED.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));

/** The last pip for each old Python, and for newer ones the last that still reads metadata from before PEP 440. https://pip.pypa.io/en/stable/news/#v24-1 */
export function pipFor(python: string): readonly string[] {
  const minor = Number(python.split('.')[1] ?? 0);
  if (minor <= 6) return ['pip==21.3.1', 'setuptools<59', 'wheel<0.38'];
  if (minor === 7) return ['pip==24.0', 'setuptools<68', 'wheel<0.43'];
  if (minor < 12) return ['pip==24.0', 'setuptools<66', 'wheel'];
  return minor < 14 ? ['pip==24.0', 'setuptools<81', 'wheel'] : ['pip', 'setuptools<81', 'wheel'];
}

/** What to add for a module that a project imports and does not declare, given the distribution that brings it. */
export const mendingRequirement = (distribution: string): string =>
  // Later ones have no pkg_resources, which is what is missed. https://setuptools.pypa.io/en/latest/history.html
  distribution === 'setuptools' ? 'setuptools<81' : distribution;
