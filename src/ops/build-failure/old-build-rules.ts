import { bare, type Rule, type Told, tooNew } from './told.js';

const oldBuild = (name: string, bound: string): Told => ({
  code: 'BUILD_TOOLS_TOO_NEW',
  kind: 'project',
  fallback: { buildConstraints: [bound] },
  message: `${name} cannot be built with today's build tools; it needs ${bound}`,
  hint: `Move to a version of ${bare(name)} that is published as a wheel`,
});

/** Packages from before today's Python and build tools. */
export const OLD_BUILD_RULES: readonly Rule[] = [
  { pattern: /use_2to3 is invalid/, tell: (_, name) => oldBuild(name, 'setuptools<58') },
  // Gone with setuptools 46: https://setuptools.pypa.io/en/latest/history.html#v46-0-0
  {
    pattern: /cannot import name '?Feature'?(?: from 'setuptools'|$)|module 'setuptools' has no attribute 'Feature'/m,
    tell: (_, name) => oldBuild(name, 'setuptools<46'),
  },
  {
    pattern:
      /cannot import name '\w+' from 'setuptools'|module 'setuptools' has no attribute '(?!find_namespace_packages_compat|_distutils_compat)\w+'/,
    tell: (_, name) => oldBuild(name, 'setuptools<70'),
  },
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
      /No module named '(?:distutils|imp|setuptools\.extern\.six)'|has no attribute 'ImpImporter'|longintrepr\.h|has no member named 'tp_print'|has no member named ['‘](?:use_tracing|curexc_\w+|recursion_depth|exc_type)['’]|_PyLong_AsByteArray|PyUnicode_GET_SIZE|configured Python interpreter version \([\d.]+\) is newer than PyO3/,
    tell: (_, name) => tooNew(name),
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
