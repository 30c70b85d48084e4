import type { Command } from '../core/command.js';

/** Starts units. All that systemd knows is read anew only where it does not know their files as they are: that takes longer than the start. */
export const startUnits = (units: readonly string[]): Command => ({
  argv: [
    'sh',
    '-euc',
    `systemctl show -p LoadState -p NeedDaemonReload -- "$@" | grep -qxE 'LoadState=not-found|NeedDaemonReload=yes' && systemctl daemon-reload
systemctl start -- "$@"`,
    'sh',
    ...units,
  ],
  timeoutSeconds: 180,
});

/** Starts units now and whenever the machine starts. */
export const enableUnits = (units: readonly string[]): Command => ({
  argv: ['sh', '-euc', 'systemctl daemon-reload; systemctl enable -q --now -- "$@"', 'sh', ...units],
  timeoutSeconds: 180,
});

/** Ends a unit; one that is not there counts as ended. */
export const stopUnit = (unit: string, limitSeconds: number): Command => ({
  argv: ['sh', '-uc', 'systemctl stop -- "$1" 2>/dev/null || ! systemctl -q is-active -- "$1"', 'sh', unit],
  timeoutSeconds: limitSeconds,
});

/** Exit 0 where a unit does not run, else 1. */
export const unitEnded = (unit: string): Command => ({ argv: ['sh', '-uc', '! systemctl -q is-active -- "$1"', 'sh', unit] });

/** Exit 0 where every unit is active and systemd knows its file as it is, else 1 with the names of those that are not. */
export const unitsActive = (units: readonly string[]): Command => ({
  argv: [
    'sh',
    '-uc',
    `systemctl show -p Id -p ActiveState -p NeedDaemonReload -- "$@" | awk -v RS= -v FS='\\n' '
{ name = ""; good = 0
  for (i = 1; i <= NF; i++) {
    if ($i ~ /^Id=/) name = substr($i, 4)
    if ($i == "ActiveState=active" || $i == "NeedDaemonReload=no") good++
  }
  if (good < 2) { print "+ " name; other = 1 } }
END { exit NR == 0 || other }'`,
    'sh',
    ...units,
  ],
  timeoutSeconds: 30,
});

/** Exit 0 where every unit is active and starts with the machine, else 1. */
export const unitsEnabled = (units: readonly string[]): Command => ({
  argv: [
    'sh',
    '-uc',
    'for unit; do systemctl -q is-active -- "$unit" && systemctl -q is-enabled -- "$unit" || exit 1; done 2>/dev/null',
    'sh',
    ...units,
  ],
  timeoutSeconds: 30,
});

/**
 * Exit 0 while the unit has not ended since it was started, be it that it was started again; 1 as soon as it has. Prints the process ids of its
 * workers: of what its main process has started of its own program, but for the one that cleans up after Python's own `multiprocessing`.
 */
export const unitWorks = (unit: string): Command => ({
  argv: [
    'sh',
    '-uc',
    `systemctl show -p ActiveState -p MainPID -p NRestarts -- "$1" | sort | tr '\\n' ' ' | {
  read -r state main restarts
  case "$state $restarts" in
    'ActiveState=active NRestarts=0'|'ActiveState=activating NRestarts=0') ;;
    *) exit 1 ;;
  esac
  main=/proc/\${main#*=}
  for pid in $(cat "$main"/task/*/children 2>/dev/null); do
    [ "/proc/$pid/exe" -ef "$main/exe" ] && ! grep -qs resource_tracker "/proc/$pid/cmdline" && echo "$pid"
  done
  exit 0
}`,
    'sh',
    unit,
  ],
  timeoutSeconds: 30,
});

/** The last lines that a unit has written, as it wrote them. */
export const unitLog = (unit: string, lines = 200): Command => ({
  argv: ['journalctl', '-q', '--no-pager', '-o', 'cat', '-n', String(lines), '-u', unit],
  timeoutSeconds: 30,
});
