import type { Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { removeUser } from '../../ops/users.js';
import { BUILDER } from './base.js';
import { endSteps } from './go-live.js';
import { appRulesFile } from './hardening.js';
import { edgeLogs, serverFiles, stateFiles } from './layout.js';
import { hostTool, type ServerHost, type ServerOptions } from './options.js';
import { removeRedis, type ServerRedis } from './redis.js';
import { stepsOn } from './step.js';

export interface Removal {
  readonly options: Pick<ServerOptions, 'layout' | 'key' | 'user' | 'tls' | 'edge'>;
  /** Every release that is on the host, the live one too. */
  readonly versions: readonly string[];
  /** Uploads, kept folders and secrets stay, and the user they belong to; databases always do. */
  readonly keepData: boolean;
}

/** Takes an app away from a host again: everything written for it. Packages, databases and what apps share stay. */
export function removeSteps({ options, versions, keepData }: Removal, host: ServerHost): Step[] {
  const { layout, key, user } = options;
  const state = stateFiles(layout);
  const server = serverFiles(layout);
  const step = stepsOn(host.name, 'clean');
  const remove = (id: string, title: string, path: string) => step(`remove.${id}`, title, { kind: 'remove', path });
  const run = (id: string, title: string, command: Command) => step(`remove.${id}`, title, { kind: 'run', command });
  const site: Command = {
    argv: [
      ...[host.python, '-I', '-S', hostTool(host, 'edge_config.py'), 'remove', '--server', options.edge, '--site', key],
      ...['--next', server.edgeNext, '--state', state.edge],
    ],
    timeoutSeconds: 60,
  };
  return [
    run('edge', 'site of the edge', site),
    // What is live is what is served; without it, any release may be ended.
    remove('live', 'what is live', state.live),
    ...versions.flatMap((version) => endSteps(options, version, host)),
    ...(options.tls.kind === 'acme'
      ? [
          run('certificate', 'certificate', {
            argv: [
              'sh',
              '-euc',
              'if [ -e "/etc/letsencrypt/renewal/$1.conf" ]; then certbot delete -n --cert-name "$1"; fi',
              'sh',
              key,
            ],
            timeoutSeconds: 60,
          }),
          remove('hook', 'what follows a renewal', `/etc/letsencrypt/renewal-hooks/deploy/slipway-${key}`),
          remove('certbot', 'whom certbot trusts', `/etc/systemd/system/certbot.service.d/slipway-${key}.conf`),
        ]
      : []),
    remove('firewall', 'its ports in the firewall', appRulesFile(key)),
    remove('rotation', 'turning over of logs', `/etc/logrotate.d/${key}-edge`),
    remove('folders-file', 'which folders there are', `/etc/tmpfiles.d/${key}.conf`),
    remove('run', 'folder of sockets', layout.run),
    remove('edge-logs', "the edge's logs", edgeLogs(layout, options.edge)),
    ...(options.edge === 'nginx' ? [server.edgeCache] : [server.apacheCache.pages, server.apacheCache.locks]).map((path, index) =>
      remove(`edge-cache.${index}`, "the edge's cache", path),
    ),
    ...(keepData
      ? [
          ...[state.releases, state.statics, state.edge, state.logs, `${layout.state}/cache`, `${layout.state}/written.json`].map(
            (path, index) => remove(`state.${index}`, path.split('/').at(-1) ?? path, path),
          ),
        ]
      : [
          remove('state', 'releases, data and secrets', layout.state),
          run('user', `user ${user}`, removeUser({ name: user, home: state.data, what: `Slipway, app ${key}` })),
        ]),
  ];
}

/** The app's Redis no longer runs; what it holds stays, and the next deployment starts it again. */
export const stopRedis = (wish: Pick<ServerRedis, 'product' | 'key'>, host: ServerHost): Step[] =>
  removeRedis(wish, host).slice(0, 1);

/** What apps share, after the last of them: tools, environments, Slipway's own Python, and the user who builds. */
export function forgetSlipway(home: string, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'clean');
  return [
    step('remove.home', 'tools and environments', { kind: 'remove', path: home }),
    step('remove.builder', `user ${BUILDER}`, {
      kind: 'run',
      command: removeUser({ name: BUILDER, home: `${home}/build`, what: 'Slipway, builds releases' }),
    }),
  ];
}
