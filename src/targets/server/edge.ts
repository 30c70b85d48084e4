import type { Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import type { ApacheBuild } from '../../ops/apache.js';
import type { NginxBuild } from '../../ops/nginx.js';
import { enableUnits, unitsEnabled } from '../../ops/systemctl.js';
import { type ApacheEdge, apacheModules, apacheShared, apacheSite } from '../../templates/apache.js';
import { errorPage } from '../../templates/error-page.js';
import { type EdgeConfig, nginxShared, nginxSite } from '../../templates/nginx.js';
import { speaksHttp3 } from '../../templates/nginx-tls.js';
import { TEMPORARY, USABLE } from './certificate.js';
import { edgeTokenStep } from './edge-token.js';
import { apacheDropIn, EDGE_UNITS, edgeRotation, nginxDropIn } from './edge-unit.js';
import { EDGE_USER, edgeLogs, serverFiles, stateFiles } from './layout.js';
import { hostTool, type ServerHost, type ServerOptions, type ServerRelease } from './options.js';
import { stepsOn } from './step.js';

/** What the edge's configuration needs of the host. */
export type EdgeFacts = SharedFacts & ({ readonly nginx: NginxBuild } | { readonly apache: ApacheBuild });

interface SharedFacts {
  /** `EDGE_IS_OURS` is there: Slipway has installed it, so that its service may be confined and its default site taken away. */
  readonly ours: boolean;
  /** The host can listen on IPv6. */
  readonly ipv6: boolean;
  /** Other hosts behind the same names, where an authority's challenges may be meant for them. */
  readonly peers?: readonly string[];
}

/** What decides which packages the edge needs. */
type Packaged = Pick<ServerOptions, 'edge'> & { readonly tls: Pick<ServerOptions['tls'], 'kind'> };

/** Debian packages of the edge. */
export const edgePackages = ({ options }: { readonly options: Packaged }): readonly string[] => [
  options.edge === 'nginx' ? 'nginx' : 'apache2',
  'openssl',
  'logrotate',
  ...(options.tls.kind === 'acme' ? ['certbot'] : []),
];

/** Who looks at the site from the host itself, as `verify` does. */
const OURSELVES = ['127.0.0.1', '::1'];

/** What of it is the same for every front server. */
function siteOf(release: ServerRelease) {
  const { options, web, files } = release;
  const state = stateFiles(options.layout);
  const server = serverFiles(options.layout);
  const passed = (web.protect ?? []).map(({ path }) => path).filter((path) => path.startsWith(files.media));
  const proxies = options.tls.kind === 'external' ? [...options.tls.trusted, ...OURSELVES] : (options.proxies ?? []);
  return {
    logs: edgeLogs(options.layout, options.edge),
    domains: release.domains,
    challenges: server.acme,
    certificate: state.certificate,
    key: state.certificateKey,
    // Through `live`, which is root's: what the app could change must not decide what is served.
    upstreamSocket: `${state.live}/web.sock`,
    static: isOwnPath(files.url) ? [{ url: files.url, current: `${state.live}/static`, kept: state.keptStatic }] : [],
    media: isOwnPath(files.media) ? [{ url: files.media, root: state.media }] : [],
    ...(passed.length === 0 ? {} : { passed }),
    ...(proxies.length === 0 ? {} : { proxies: { trusted: proxies, plain: options.tls.kind === 'external' } }),
    errorPage: server.errorPage,
    token: server.token[options.edge],
    ...(options.adminPath === null ? {} : { loginPaths: [`${options.adminPath}login/`] }),
    webSockets: options.webSockets,
    maxBody: web.maxBody,
    hstsSeconds: options.hstsSeconds,
    hstsReach: options.hstsReach ?? '',
    headers: {
      'Strict-Transport-Security': 'edge',
      'X-Content-Type-Options': 'edge',
      'Referrer-Policy': 'app',
      'Cross-Origin-Opener-Policy': 'app',
      'X-Frame-Options': 'app',
    },
  } as const;
}

/** How the release is shown to the world on a host by nginx. */
export function edgeConfig(release: ServerRelease, facts: SharedFacts & { readonly nginx: NginxBuild }): EdgeConfig {
  const { options, web } = release;
  return {
    ...siteOf(release),
    nginx: facts.nginx,
    ...(facts.peers === undefined ? {} : { challengePeers: facts.peers }),
    scope: options.key.replace(/[^a-z0-9]/g, '_'),
    folder: '/etc/nginx',
    pid: '/run/nginx.pid',
    temp: serverFiles(options.layout).edgeCache,
    listen: { addresses: ['0.0.0.0', ...(facts.ipv6 ? ['::'] : [])], https: 443, http: 80 },
    ...(facts.ours && speaksHttp3(facts.nginx) ? { http3: true } : {}),
    ...(web.cache === undefined ? {} : { cache: web.cache }),
    workerProcesses: 2,
  };
}

/** How the release is shown to the world on a host by Apache. */
function apacheConfig(release: ServerRelease, apache: ApacheBuild, host: ServerHost): ApacheEdge {
  const { options, web } = release;
  const { apacheCache, loginCounter } = serverFiles(options.layout);
  const { pages, locks } = apacheCache;
  return {
    ...siteOf(release),
    apache,
    loginCounter: [host.python, '-I', '-S', loginCounter],
    name: options.key,
    ...(web.cache === undefined ? {} : { cache: { ...web.cache, pages, locks } }),
  };
}

/** What Apache shows to who asks for a name that no site has: it says nothing of the names there are. */
const STRANGERS = { certificate: '/etc/slipway/stranger.pem', key: '/etc/slipway/stranger-key.pem' } as const;

/** The texts of the two files, for the front server that is there. */
function configuration(
  release: ServerRelease,
  facts: EdgeFacts,
  host: ServerHost,
): { readonly shared: string; readonly site: string } {
  if ('nginx' in facts) {
    const config = edgeConfig(release, facts);
    return { shared: nginxShared(config, facts.ours), site: nginxSite(config) };
  }
  const { apache, ours } = facts;
  return {
    shared: apacheShared(apache, ours ? STRANGERS : undefined),
    site: apacheSite(apacheConfig(release, apache, host)),
  };
}

/** A path of our own site, as against a bucket or another origin. */
const isOwnPath = (url: string): boolean => /^\/[^/]/.test(url);

/** The tool that tests, compares and installs: `python/slipway_host_tools/edge_config.py`. */
function tool(release: ServerRelease, host: ServerHost, facts: EdgeFacts, verb: string): Command {
  const { options } = release;
  const modules = 'apache' in facts ? apacheModules(apacheConfig(release, facts.apache, host)) : [];
  return {
    argv: [
      ...[host.python, '-I', '-S', hostTool(host, 'edge_config.py'), verb, '--site', options.key],
      ...['--next', serverFiles(options.layout).edgeNext, '--state', stateFiles(options.layout).edge],
      ...['--server', options.edge, ...modules.flatMap((name) => ['--module', name])],
      ...(facts.ours ? ['--ours'] : []),
    ],
    timeoutSeconds: 120,
  };
}

/** Everything of the edge but the switch to it: files, and the front server's own opinion of them. Nothing that runs is touched. */
export function edgeSteps(release: ServerRelease, facts: EdgeFacts, host: ServerHost): Step[] {
  if (!host.roles.includes('web')) return [];
  const { options } = release;
  const step = stepsOn(host.name, 'prepare');
  const server = serverFiles(options.layout);
  const { shared, site } = configuration(release, facts, host);
  const logs = edgeLogs(options.layout, options.edge);
  const write = (id: string, title: string, path: string, content: string) =>
    step(id, title, { kind: 'file', path, content, mode: 0o644 });
  return [
    edgeTokenStep('edge.token', options, host),
    write('edge.page', 'error page', server.errorPage, errorPage(release.app, options.edge)),
    write('edge.rotation', 'log files are turned over', `/etc/logrotate.d/${options.key}-edge`, edgeRotation(options.edge, logs)),
    write('edge.shared', 'what sites share', `${server.edgeNext}/shared.conf`, shared),
    write('edge.site', 'site of the edge', `${server.edgeNext}/site.conf`, site),
    ...(facts.ours ? confineSteps(release, host) : []),
    ...(options.edge === 'apache' && release.web.cache !== undefined ? [cleanStep(host)] : []),
    ...(options.edge === 'apache' && options.adminPath !== null ? [countStep(release, host)] : []),
    step(
      'edge.test',
      'edge configuration is valid',
      { kind: 'run', command: tool(release, host, facts, 'test'), check: { command: tool(release, host, facts, 'same') } },
      {
        code: 'EDGE_CONFIG',
        kind: 'environment',
        message: `${options.edge} on ${host.name} refuses the configuration made for it`,
      },
    ),
  ];
}

/** mod_cache_disk forgets nothing by itself: Debian's own service for it keeps what there is below 300 MB. */
function cleanStep(host: ServerHost): Step {
  const units = ['apache-htcacheclean.service'];
  return stepsOn(host.name, 'prepare')('edge.cache-limit', "the edge's cache does not grow for ever", {
    kind: 'run',
    command: enableUnits(units),
    check: { command: unitsEnabled(units) },
  });
}

/** Beside the site: Slipway's own folder of Python files goes with another version of it. */
function countStep({ options }: ServerRelease, host: ServerHost): Step {
  const files = [hostTool(host, 'count_logins.py'), serverFiles(options.layout).loginCounter];
  return stepsOn(host.name, 'prepare')('edge.logins', 'what counts log-ins', {
    kind: 'run',
    command: { argv: ['install', '-m', '644', ...files] },
    check: { command: { argv: ['cmp', '-s', ...files] } },
  });
}

/** Where the front server is Slipway's, it is kept from what it has no need of. */
function confineSteps({ options }: ServerRelease, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare');
  const write = (id: string, title: string, path: string, content: string) =>
    step(id, title, { kind: 'file', path, content, mode: 0o644 });
  const folder = `/etc/systemd/system/${EDGE_UNITS[options.edge]}.d`;
  if (options.edge === 'nginx')
    return [
      write('edge.confine', 'what nginx may do', `${folder}/slipway.conf`, nginxDropIn()),
      write(
        'edge.pid',
        'where nginx writes its number',
        '/etc/tmpfiles.d/slipway-nginx.conf',
        'f /run/nginx.pid 0644 www-data www-data\n',
      ),
    ];
  const args = ['sh', STRANGERS.certificate, STRANGERS.key];
  return [
    write('edge.confine', 'what Apache may do', `${folder}/slipway.conf`, apacheDropIn()),
    step('edge.stranger', 'a certificate for names that are not here', {
      kind: 'run',
      command: {
        argv: ['sh', '-euc', TEMPORARY, ...args, 'unknown.invalid', 'DNS:unknown.invalid', EDGE_USER, '3650'],
        timeoutSeconds: 60,
      },
      check: { command: { argv: ['sh', '-uc', USABLE, ...args] } },
    }),
  ];
}

/** What each says outside of its sites. */
const SERVER_LOGS = { nginx: '/var/log/nginx/error.log', apache: '/var/log/apache2/server/error.log' } as const;

/** Puts the tested configuration in place and has the front server run with it: reloaded only where it differs. */
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
      `${options.edge} answers`,
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
        log: [SERVER_LOGS[options.edge], `${edgeLogs(options.layout, options.edge)}/error.log`],
      },
      {
        code: 'EDGE_NOT_READY',
        kind: 'environment',
        message: `The front server of ${host.name} does not answer`,
        hint: `ssh ${host.name} journalctl -u ${EDGE_UNITS[options.edge]} -n 50`,
      },
    ),
  ];
}
