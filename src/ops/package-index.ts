import type { Command } from '../core/command.js';
import { toolPaths } from './toolbox.js';

/** An index that a file of the project names, without a log-in. */
export interface NamedIndex {
  readonly url: string;
  /** The file. */
  readonly from: string;
}

const NAMED = [
  /^\s*--?(?:extra-)?i(?:ndex-url)?[ =]+["']?(https?:\/\/[^\s"'#]+)/gm,
  // Tables of uv, Poetry, PDM and Pipenv: [[tool.uv.index]], [[tool.poetry.source]], [[source]].
  /^\s*\[\[(?:tool\.(?:uv|poetry|pdm)\.)?(?:index|source)\]\]\s*\n(?:[^[\n]*\n)*?\s*url\s*=\s*["'](https?:\/\/[^"']+)/gm,
];

/** Indexes besides PyPI that requirement files, pyproject.toml or a Pipfile name, in their order. */
export function namedIndexes(inputs: readonly { readonly path: string; readonly content: string }[]): NamedIndex[] {
  const all = inputs.flatMap(({ path, content }) =>
    NAMED.flatMap((pattern) => [...content.matchAll(pattern)].map(([, url = '']) => ({ url: withoutLogin(url), from: path }))),
  );
  return all.filter(
    ({ url }, at) => !/^https:\/\/(pypi\.org|pypi\.python\.org)\//.test(url) && all.findIndex((one) => one.url === url) === at,
  );
}

const withoutLogin = (url: string): string => url.replace(/^(https?:\/\/)[^@/]*@/, '$1');

/** Prints what the index answers when it is asked for a distribution: the HTTP status, or 0 where there is no answer. */
export const indexStatus = (home: string, index: string, name: string): Command => ({
  argv: [toolPaths(home).python, '-I', '-c', ASK, `${index.replace(/\/$/, '')}/${name.toLowerCase().replace(/[-_.]+/g, '-')}/`],
  timeoutSeconds: 30,
});

const ASK = `import sys, urllib.error, urllib.request
try:
    print(urllib.request.urlopen(sys.argv[1], timeout=20).status)
except urllib.error.HTTPError as error:
    print(error.code)
except OSError:
    print(0)
`;
