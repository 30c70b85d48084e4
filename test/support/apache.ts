import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseApacheVersion } from '../../src/ops/apache.js';
import { type ApacheEdge, apacheModules, apacheShared, apacheSite } from '../../src/templates/apache.js';
import type { EdgeConfig } from '../../src/templates/nginx.js';
import { ROOT } from './slipway.js';

export const APACHE = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';

/** A reason to skip where Apache is not there. */
export const apacheMissing = (): string | false => !existsSync(APACHE) && 'Apache is not here (Debian: apache2-bin)';

/** Starts the system's Apache with our configuration of a site, on the ports that nginx would have. @param config as nginx's would be */
export function startApache(config: EdgeConfig): ChildProcess {
  const { cache, ...rest } = config;
  const [pages, locks] = [join(config.temp, 'pages'), join(config.temp, 'locks')];
  const counter = join(config.folder, 'count_logins.py');
  copyFileSync(join(ROOT, 'python/slipway_host_tools/count_logins.py'), counter);
  const edge: ApacheEdge = {
    ...rest,
    apache: parseApacheVersion(spawnSync(APACHE, ['-v']).stdout.toString()),
    name: 'shop',
    loginCounter: ['/usr/bin/python3', '-I', '-S', counter],
    ...(cache === undefined ? {} : { cache: { ...cache, pages, locks } }),
  };
  const text = [apacheShared(edge.apache, config), apacheSite(edge)]
    .join('\n')
    .replaceAll(/(?:\*|_default_):443\b/g, `127.0.0.1:${config.listen.https}`)
    .replaceAll(/(?:\*|_default_):80\b/g, `127.0.0.1:${config.listen.http}`);
  const modules = ['mpm_event', ...apacheModules(edge)].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`);
  const file = join(config.folder, 'apache.conf');
  for (const folder of [pages, locks]) {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
  }
  writeFileSync(
    file,
    [
      `ServerRoot "${config.folder}"`,
      `PidFile "${config.folder}/apache.pid"`,
      `DefaultRuntimeDir "${config.temp}"`,
      `Define APACHE_RUN_DIR "${config.temp}"`,
      `ErrorLog "${config.logs}/server.log"`,
      'ServerName localhost',
      `Listen 127.0.0.1:${config.listen.https}`,
      `Listen 127.0.0.1:${config.listen.http}`,
      ...(config.user === undefined ? [] : [`User ${config.user.name}`, `Group ${config.user.group}`]),
      ...modules.filter((line) => existsSync(line.split(' ')[2] ?? '')),
      'TypesConfig /dev/null',
      text,
    ].join('\n'),
  );
  return spawn(APACHE, ['-DFOREGROUND', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
}
