import type { Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import type { NginxBuild } from '../../ops/nginx.js';
import { errorPage } from '../../templates/error-page.js';
import { type EdgeConfig, nginxShared, nginxSite } from '../../templates/nginx.js';
import { nginxDropIn, nginxRotation } from './edge-unit.js';
import { serverFiles, stateFiles } from './layout.js';
import { hostTool, type ServerHost, type ServerRelease } from './options.js';
import { stepsOn } from './step.js';

/** What the edge's configuration needs of the host. */
export interface EdgeFacts {
  readonly nginx: NginxBuild;
  /** `EDGE_IS_OURS` is there: Slipway has installed it, so that its service may be confined and its default site taken away. */
  readonly ours: boolean;
  /** The host can listen on IPv6. */
  readonly ipv6: boolean;
}

/** Debian packages of the edge. */
export const edgePackages = ({ options }: Pick<ServerRelease, 'options'>): readonly string[] => [
  ...(options.edge === 'nginx' ? ['nginx'] : ['apache2']),
  'openssl',
  'logrotate',
  ...(options.tls.kind === 'acme' ? ['certbot'] : []),
];

/** How the release is shown to the world on a host. */
export function edgeConfig(release: ServerRelease, facts: EdgeFacts): EdgeConfig {
  const { options, web, files } = release;
  const state = stateFiles(options.layout);
  const server = serverFiles(options.layout);
  return {
    nginx: facts.nginx,
    scope: options.key.replace(/[^a-z0-9]/g, '_'),
    folder: '/etc/nginx',
    pid: '/run/nginx.pid',
    logs: server.edgeLogs,
    temp: server.edgeCache,
    listen: { addresses: ['0.0.0.0', ...(facts.ipv6 ? ['::'] : [])], https: 443, http: 80 },
    domains: release.domains,
    challenges: server.acme,
    certificate: state.certificate,
    key: state.certificateKey,
    // Through `live`, which is root's: what the app could change must not decide what is served.
    upstreamSocket: `${state.live}/web.sock`,
    static: isOwnPath(files.url) ? [{ url: files.url, current: `${state.live}/static`, kept: state.keptStatic }] : [],
    media: isOwnPath(files.media) ? [{ url: files.media, root: state.media }] : [],
    errorPage: server.errorPage,
    webSockets: options.webSockets,
    maxBody: web.maxBody,
    ...(web.cache === undefined ? {} : { cache: web.cache }),
    workerProcesses: 2,
    ...(options.adminPath === null ? {} : { loginPaths: [`${options.adminPath}login/`] }),
    hstsSeconds: options.hstsSeconds,
    headers: {
      'Strict-Transport-Security': 'edge',
      'X-Content-Type-Options': 'edge',
      'Referrer-Policy': 'app',
      'Cross-Origin-Opener-Policy': 'app',
      'X-Frame-Options': 'app',
    },
  };
}

/** A path of our own site, as against a bucket or another origin. */
const isOwnPath = (url: string): boolean => /^\/[^/]/.test(url);

/** The tool that tests, compares and installs: `python/slipway_host_tools/edge_config.py`. */
const tool = ({ options }: ServerRelease, host: ServerHost, facts: EdgeFacts, verb: string): Command => ({
  argv: [
    ...[host.python, '-I', '-S', hostTool(host, 'edge_config.py'), verb, '--site', options.key],
    ...['--next', serverFiles(options.layout).edgeNext, '--state', stateFiles(options.layout).edge],
    ...(facts.ours ? ['--ours'] : []),
  ],
  timeoutSeconds: 120,
});

/** Everything of the edge but the switch to it: files, and nginx's own opinion of them. Nothing that runs is touched. */
export function edgeSteps(release: ServerRelease, facts: EdgeFacts, host: ServerHost): Step[] {
  if (!host.roles.includes('web')) return [];
  const { options } = release;
  const step = stepsOn(host.name, 'prepare');
  const state = stateFiles(options.layout);
  const server = serverFiles(options.layout);
  const config = edgeConfig(release, facts);
  const write = (id: string, title: string, path: string, content: string) =>
    step(id, title, { kind: 'file', path, content, mode: 0o644 });
  return [
    step('edge.kept', 'folder of kept static files', { kind: 'folder', path: state.keptStatic }),
    write('edge.page', 'error page', server.errorPage, errorPage(release.app)),
    write('edge.rotation', 'log files are turned over', `/etc/logrotate.d/${options.key}-edge`, nginxRotation(server.edgeLogs)),
    write('edge.shared', 'what sites share', `${server.edgeNext}/shared.conf`, nginxShared(config, facts.ours)),
    write('edge.site', 'site of the edge', `${server.edgeNext}/site.conf`, nginxSite(config)),
    ...(facts.ours
      ? [write('edge.confine', 'what nginx may do', '/etc/systemd/system/nginx.service.d/slipway.conf', nginxDropIn())]
      : []),
    ...(facts.ours
      ? [
          write(
            'edge.pid',
            'where nginx writes its number',
            '/etc/tmpfiles.d/slipway-nginx.conf',
            'f /run/nginx.pid 0644 www-data www-data\n',
          ),
        ]
      : []),
    step(
      'edge.test',
      'edge configuration is valid',
      { kind: 'run', command: tool(release, host, facts, 'test'), check: { command: tool(release, host, facts, 'same') } },
      { code: 'EDGE_CONFIG', kind: 'environment', message: `nginx on ${host.name} refuses the configuration made for it` },
    ),
  ];
}

/** Puts the tested configuration in place and has nginx run with it: reloaded only where it differs. */
export function edgeStart(release: ServerRelease, facts: EdgeFacts, host: ServerHost): Step[] {
  if (!host.roles.includes('web')) return [];
  const { options, domains } = release;
  const step = stepsOn(host.name, 'switch');
  const state = stateFiles(options.layout);
  return [
    step('edge.install', 'edge configuration in place', {
      kind: 'run',
      command: tool(release, host, facts, 'install'),
      check: { command: tool(release, host, facts, 'installed') },
    }),
    step(
      'edge.ready',
      'nginx answers',
      {
        kind: 'wait',
        until: {
          request: {
            to: { port: 443, tls: { ca: state.certificate, name: domains[0] ?? 'localhost' } },
            path: '/-/health',
            headers: { host: domains[0] ?? 'localhost' },
            expect: [404],
          },
        },
        timeoutSeconds: 20,
        log: ['/var/log/nginx/error.log', `${serverFiles(options.layout).edgeLogs}/error.log`],
      },
      {
        code: 'EDGE_NOT_READY',
        kind: 'environment',
        message: `The front server of ${host.name} does not answer`,
        hint: `ssh ${host.name} journalctl -u nginx -n 50`,
      },
    ),
  ];
}
