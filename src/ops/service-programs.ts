import type { Command } from '../core/command.js';

/** What a look at the host found for one kind of service. */
export interface FoundPrograms {
  /** Best first is not promised; see the chooser of the service. */
  readonly programs: readonly { readonly path: string; readonly version: string }[];
  /** The user Slipway itself is. */
  readonly me: string;
  /** As root only: the user to run the server as. */
  readonly dropTo?: string;
  /** True where the locale C.UTF-8 is there. */
  readonly utf8: boolean;
}

/** Lists the programs given as arguments that are there; the kind's own patterns come before, in `candidates`. */
const script = (candidates: string, users: string): string => `
show() { [ -x "$1" ] && printf 'program\\t%s\\t%s\\n' "$1" "$("$1" --version 2>/dev/null | head -n 1)"; }
for program in "$@" ${candidates}; do show "$program"; done
printf 'me\\t%s\\n' "$(id -un)"
if [ "$(id -u)" = 0 ]; then
  for user in ${users} nobody; do id -u "$user" >/dev/null 2>&1 && printf 'user\\t%s\\n' "$user" && break; done
fi
printf 'charmap\\t%s\\n' "$(LC_ALL=C.UTF-8 locale charmap 2>/dev/null || echo UTF-8)"
`;

/**
 * Asks a host which programs of a kind it has. The words of the script are Slipway's own; `extra` comes in as arguments.
 * @param candidates patterns of sh, such as `/usr/sbin/maria*`
 * @param users to drop to when root, the best first; `nobody` is the last
 * @param extra absolute paths that may or may not be there
 */
export const findPrograms = (candidates: readonly string[], users: readonly string[], extra: readonly string[]): Command => ({
  argv: ['sh', '-c', script(candidates.join(' '), users.join(' ')), 'sh', ...extra],
  timeoutSeconds: 20,
});

export function parsePrograms(stdout: string): FoundPrograms {
  const programs: { path: string; version: string }[] = [];
  const said = new Map<string, string>();
  for (const line of stdout.split('\n')) {
    const [kind, value, more] = line.split('\t');
    if (kind === undefined || value === undefined) continue;
    if (kind !== 'program') said.set(kind, value);
    else if (!programs.some(({ path }) => path === value)) programs.push({ path: value, version: more ?? '' });
  }
  const dropTo = said.get('user');
  return {
    programs,
    me: said.get('me') ?? '',
    utf8: said.get('charmap') === 'UTF-8',
    ...(dropTo === undefined ? {} : { dropTo }),
  };
}

/** The folder for a server's data, made for the user it runs as; nothing below it is touched. */
export const ownedFolder = (path: string, user: string | undefined, mode = '0700'): Command => ({
  argv: ['install', '-d', '-m', mode, ...(user === undefined ? [] : ['-o', user]), '--', path],
});

/**
 * Can this user get to the path? Exit 0 yes, 1 no. Ask before data is put below a home that is closed to others (`/root`), and put it below
 * `/var/lib/slipway` where the answer is no.
 */
export const reachableBy = (user: string, path: string): Command => ({ argv: ['test', '-x', path], user });

/** `7.0.15` of `Redis server v=7.0.15 sha=…`; undefined where there is no version in it. */
export const versionIn = (text: string): string | undefined => /(?<![\w.])v?=?(\d+(?:\.\d+)+|\d+(?=\s|$))/.exec(text)?.[1];

export const majorOf = (version: string): number => Number.parseInt(version, 10);
