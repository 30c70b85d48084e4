import type { Step } from '../../core/plan.js';
import { execLine, lineValue, unitName } from '../../templates/systemd-quote.js';
import { unitFile } from '../../templates/systemd-unit.js';
import { credentialLines } from './credentials.js';
import { launcherOf, type ServerHost, type ServerRelease } from './options.js';
import { launchStep } from './release-files.js';
import { stepsOn } from './step.js';
import { confined } from './units.js';

/** A command that runs once, in a unit of its own: confined as a worker is, and not ended by the end of a connection. */
export interface OneOff {
  /** `shop-run-3f9c2e1a.service` */
  readonly unit: string;
  /** The unit file, in a folder that a restart of the machine empties. */
  readonly path: string;
  /** What the launcher reads. */
  readonly launch: string;
  readonly steps: readonly Step[];
}

/** @param id lower-case letters and digits, anew each time */
export function oneOff(release: ServerRelease, host: ServerHost, argv: readonly string[], id: string): OneOff {
  const { options, version } = release;
  const name = `run-${id}`;
  const unit = unitName(`${options.key}-${name}.service`);
  const path = `/run/systemd/system/${unit}`;
  const folder = `${options.layout.run}/run`;
  const launch = `${folder}/${name}.json`;
  const content = unitFile({
    unit: [['Description', lineValue(`${options.key}: one command in release ${version}`)]],
    kind: {
      name: 'Service',
      lines: [
        ['Type', 'oneshot'],
        ['ExecStart', execLine([host.python, '-I', '-S', launcherOf(host), launch])],
        ['KillMode', 'mixed'],
        ['TimeoutStartSec', 'infinity'],
        ['TimeoutStopSec', '60'],
        ['LimitNOFILE', '8192'],
        ['SyslogIdentifier', `${options.key}-${name}`],
        // As root: whatever came of it, nothing of it stays.
        ['ExecStopPost', `+${execLine(['/bin/rm', '-f', '--', launch, path])}`],
        ...credentialLines(release),
        ...confined(release, 'all'),
      ],
    },
  });
  return {
    unit,
    path,
    launch,
    steps: [
      stepsOn(host.name, 'start')('run.folder', 'folder of commands', {
        kind: 'run',
        command: { argv: ['install', '-d', '-o', 'root', '-g', options.user, '-m', '2750', '--', folder] },
        check: { exists: folder },
      }),
      launchStep(release, host, name, argv, {}, folder),
      stepsOn(host.name, 'start')('run.unit', 'unit of the command', { kind: 'file', path, content, mode: 0o644 }),
      stepsOn(host.name, 'start')('run.load', 'systemd knows it', {
        kind: 'run',
        command: { argv: ['systemctl', 'daemon-reload'] },
      }),
    ],
  };
}
