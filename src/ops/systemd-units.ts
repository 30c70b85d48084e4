import type { Command } from '../core/command.js';

/** What systemd knows of one unit. */
export interface UnitState {
  readonly name: string;
  readonly description: string;
  /** `active`, `activating`, `deactivating`, `failed`, `inactive`, `reloading` */
  readonly active: string;
  readonly sub: string;
  readonly pid: number | null;
  /** Seconds since 1970; null where it never became active. */
  readonly since: number | null;
  readonly restarts: number;
}

const PROPERTIES = ['Id', 'Description', 'ActiveState', 'SubState', 'MainPID', 'ActiveEnterTimestamp', 'NRestarts'] as const;

/** Services that match a pattern and are loaded. https://www.freedesktop.org/software/systemd/man/latest/systemctl.html */
export const unitsCommand = (...patterns: readonly string[]): Command => ({
  argv: ['systemctl', 'show', '--timestamp=unix', `--property=${PROPERTIES.join(',')}`, ...patterns],
});

/** The answer to `unitsCommand`: blocks of `Name=value`, an empty line between them. */
export function parseUnits(stdout: string): UnitState[] {
  return stdout.split(/\n\n+/).flatMap((block) => {
    const value = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    const name = value.get('Id');
    if (name === undefined || name === '') return [];
    const pid = Number(value.get('MainPID') ?? 0);
    const since = Number(value.get('ActiveEnterTimestamp')?.replace(/^@/, '') ?? '');
    return [
      {
        name,
        description: value.get('Description') ?? '',
        active: value.get('ActiveState') ?? 'inactive',
        sub: value.get('SubState') ?? '',
        pid: pid > 0 ? pid : null,
        since: Number.isFinite(since) && since > 0 ? since : null,
        restarts: Number(value.get('NRestarts') ?? 0) || 0,
      },
    ];
  });
}
