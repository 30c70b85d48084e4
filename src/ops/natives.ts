import type { Command } from '../core/command.js';
import { cmd } from '../core/command.js';
import type { NativeNeed } from '../core/project.js';

/** A need that the host does not meet. */
export interface MissingNative {
  readonly need: NativeNeed;
  /** `pg_config`, `libpq.so.5`, `libpq-fe.h`. */
  readonly missing: string;
  /** Names of this host's own release where it could be asked, else those of Debian stable. */
  readonly packages: readonly string[];
  /** `apt-get install -y libpq-dev`; empty where no package of Debian brings it. */
  readonly install: string;
}

/** Arguments: probes (`program:pg_config`, `library:libpq.so.5`, `header:libpq-fe.h`, `zone:US/Eastern`), then `--`, then names of packages. */
const SCRIPT = `
libraries= multiarch= lacks=
known() {
  kind=\${1%%:*}; name=\${1#*:}
  case $kind in
    program) command -v "$name" >/dev/null 2>&1 ;;
    library) [ -n "$libraries" ] || libraries=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null)
      case "$libraries" in *"$name"*) return 0 ;; esac
      for dir in /usr/lib /usr/local/lib /lib /usr/lib/*-linux-gnu; do for file in "$dir/$name"*; do [ -e "$file" ] && return 0; done; done; return 1 ;;
    zone) [ -e "/usr/share/zoneinfo/$name" ] ;;
    header) [ -n "$multiarch" ] || multiarch=$(gcc -print-multiarch 2>/dev/null || dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null)
      for dir in /usr/include /usr/local/include "/usr/include/$multiarch" /usr/include/*; do [ -e "$dir/$name" ] && return 0; done; return 1 ;;
    *) return 0 ;;
  esac
}
while [ $# -gt 0 ] && [ "$1" != -- ]; do if known "$1"; then echo "has $1"; else echo "lacks $1"; lacks=1; fi; shift; done
[ $# -gt 0 ] && shift
[ $# -gt 0 ] && [ -n "$lacks" ] && command -v apt-cache >/dev/null 2>&1 && { echo apt; names=$(apt-cache pkgnames 2>/dev/null); for name in "$@"; do printf '%s\\n' "$names" | grep -qxF -- "$name" && echo "offers $name"; done; }
exit 0
`;

const probeOf = ({ probe }: NativeNeed): string => Object.entries(probe).flat().join(':');

/** What is looked for, by its name. */
export const lookedFor = ({ probe }: NativeNeed): string => Object.values(probe).join('');

const alternatives = (need: NativeNeed): string[] => need.packages.flatMap((name) => name.split('|'));

/** Asks the host, in one go, for every program, shared library and header, and which of the packages its own release has. Exits 0. */
export const nativeQuery = (needs: readonly NativeNeed[]): Command => ({
  ...cmd('sh', '-c', SCRIPT, 'sh', ...new Set(needs.map(probeOf)), '--', ...new Set(needs.flatMap(alternatives))),
  timeoutSeconds: 60,
});

/** The needs that are not met. Whether each matters is in the need: `onlyWithoutWheel` ones only when something must be built. */
export function parseNatives(stdout: string, needs: readonly NativeNeed[]): MissingNative[] {
  const lines = new Set(stdout.split('\n'));
  const pick = (name: string): string => {
    const names = name.split('|');
    return (lines.has('apt') ? names.find((one) => lines.has(`offers ${one}`)) : undefined) ?? names[0] ?? name;
  };
  return needs
    .filter((need) => lines.has(`lacks ${probeOf(need)}`))
    .map((need) => {
      const packages = need.packages.map(pick);
      const install = packages.length === 0 ? '' : `apt-get install -y ${packages.join(' ')}`;
      return { need, missing: lookedFor(need), packages, install };
    });
}

/** One command for all that is missing. */
export const installNatives = (missing: readonly MissingNative[]): string =>
  `apt-get install -y ${[...new Set(missing.flatMap(({ packages }) => packages))].join(' ')}`;
