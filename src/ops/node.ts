import type { Command } from '../core/command.js';
import { lowestNode } from './frontend-manifest.js';

/** A Node of Slipway's own, from the npm registry: https://www.npmjs.com/package/node */
export interface OwnNode {
  readonly folder: string;
  /** Folder of the program `node`, for the PATH. */
  readonly bin: string;
  readonly command: Command;
}

/** The major version that a build demands, read from the failure that says this machine's is too old; undefined where it names none. */
export function wantedNode(said: string): number | undefined {
  const range =
    /wants Node ([^,\n]+), and/.exec(said)?.[1] ??
    /engine "node" is incompatible[^\n]*Expected version "([^"\n]+)"/.exec(said)?.[1] ??
    /Unsupported environment[\s\S]*?Expected version: ([^\n]+)/.exec(said)?.[1] ??
    /EBADENGINE[\s\S]*?required: \{[^}]*node: '([^']+)'/.exec(said)?.[1] ??
    /requires (?:a minimum )?Node\.js version (?:of )?([^\n]+)/.exec(said)?.[1];
  return range === undefined ? undefined : lowestNode(range);
}

/** @param machine `x64`, `arm64`, as Node names it; undefined where none is published for it. */
export function ownNode(home: string, major: number, machine: string): OwnNode | undefined {
  if (!['x64', 'arm64'].includes(machine)) return undefined;
  const folder = `${home}/tools/node-${major}`;
  const name = `node-linux-${machine}`;
  return {
    folder,
    bin: `${folder}/node_modules/${name}/bin`,
    command: {
      argv: ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', `--prefix=${folder}`, `${name}@${major}`],
      cwd: folder,
      env: { npm_config_update_notifier: 'false' },
      timeoutSeconds: 900,
    },
  };
}
