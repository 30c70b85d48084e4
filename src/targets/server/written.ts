import type { Command } from '../../core/command.js';
import { releaseFiles } from '../layout.js';
import { hostTool, type ServerHost, type ServerOptions } from './options.js';
import { UNIT_FOLDER } from './units.js';

type Named = Pick<ServerOptions, 'layout' | 'key'>;

/** Files of Slipway's making on a host that stay as they are while a release is live: globs. */
const patterns = ({ layout, key }: Named, version: string): string[] => [
  `${UNIT_FOLDER}/${key}-*@${version}.service`,
  `${UNIT_FOLDER}/${key}-*@${version}.timer`,
  `${UNIT_FOLDER}/${key}*@${version}.target`,
  `${UNIT_FOLDER}/slipway-firewall.service`,
  `${UNIT_FOLDER}/*.service.d/slipway*.conf`,
  `/etc/tmpfiles.d/${key}.conf`,
  `/etc/nginx/sites-available/${key}.conf`,
  '/etc/nginx/conf.d/00-slipway.conf',
  `/etc/apache2/sites-available/${key}*.conf`,
  '/etc/apache2/sites-available/000-slipway.conf',
  `/etc/logrotate.d/${key}-edge`,
  `/etc/redis/redis-${key}.conf`,
  '/etc/postgresql/*/main/conf.d/slipway.conf',
  '/etc/slipway/firewall.nft',
  '/etc/ssh/sshd_config.d/00-slipway.conf',
  '/etc/apt/apt.conf.d/52slipway-updates',
  '/etc/systemd/journald.conf.d/slipway.conf',
  `${releaseFiles(layout, version).folder}/launch/*.json`,
  releaseFiles(layout, version).pins,
];

/**
 * Notes what has been written (`record`), tells what somebody has changed since (`drift`), or tells it and keeps a copy (`keep`).
 * Prints `{drift: [{path, how}], kept}`; `record` prints nothing.
 */
export const writtenCommand = (
  verb: 'record' | 'drift' | 'keep',
  options: Named,
  version: string,
  host: ServerHost,
): Command => ({
  argv: [host.python, '-I', '-S', hostTool(host, 'written.py'), verb, options.layout.state],
  stdin: JSON.stringify({
    release: version,
    patterns: patterns(options, version),
    code: releaseFiles(options.layout, version).source,
    units: `${UNIT_FOLDER}/${options.key}-*@${version}.service`,
  }),
  timeoutSeconds: 60,
});
