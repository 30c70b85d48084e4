import { isatty } from 'node:tty';
import { quote } from '../../core/command.js';
import { spawnInteractive } from '../spawn.js';
import { parseAddress } from './address.js';
import { sshArgv } from './launch.js';

export interface InteractivePlace {
  /** As for `openSsh`, which has been there before: its key is known. */
  readonly address: string;
  readonly sshConfig?: string;
  /** The account is not root's, and becomes it by sudo, which may ask on the terminal. */
  readonly sudo: boolean;
}

/** Runs a command on a host as root, on the user's own streams; on a terminal where there is one here. Gives its exit code. */
export function interactiveOn(place: InteractivePlace, argv: readonly string[], signal?: AbortSignal): Promise<number> {
  const { address, sshConfig, sudo } = place;
  const isTerminal = isatty(0) && isatty(1);
  const words = sudo ? ['sudo', '--', ...argv] : argv;
  const ssh = sshArgv(
    { address: parseAddress(address), ...(sshConfig === undefined ? {} : { config: sshConfig }) },
    { RequestTTY: isTerminal ? 'force' : 'no', BatchMode: isTerminal ? 'no' : 'yes' },
  );
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return spawnInteractive({ argv: [...ssh, words.map(quote).join(' ')], env }, signal);
}
