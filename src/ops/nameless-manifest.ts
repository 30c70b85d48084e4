/** What `pdm init` writes for a project that is no package: https://pdm-project.org/latest/usage/project/ */
const EMPTY = /^(name|version)(\s*=\s*)(?:""|'')[ \t]*(?:#.*)?$/gm;

const STAND_IN: Readonly<Record<string, string>> = { name: '"app"', version: '"0"' };

/** A pyproject.toml whose project has an empty name or version, which no standard allows, with ones that can be read; undefined where it needs none. */
export function namedManifest(content: string): string | undefined {
  const begin = /^\[project\][ \t]*$/m.exec(content);
  if (begin === null) return undefined;
  const rest = content.slice(begin.index + begin[0].length);
  const end = /^\[/m.exec(rest)?.index ?? rest.length;
  const named = rest.slice(0, end).replace(EMPTY, (_, key: string, equals: string) => `${key}${equals}${STAND_IN[key] ?? '""'}`);
  return named === rest.slice(0, end) ? undefined : content.slice(0, begin.index + begin[0].length) + named + rest.slice(end);
}
