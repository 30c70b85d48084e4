import type { Facts } from '../../core/facts.js';
import { Failure } from '../../core/failure.js';
import type { Release } from '../../core/release.js';
import { LETS_ENCRYPT_STAGING } from '../../ops/certbot.js';
import { environmentPaths } from '../../targets/environment.js';
import type { LocalOptions } from '../../targets/local/options.js';
import { freedomsOf } from '../../targets/server/freedoms.js';
import type { ServerOptions, ServerRelease, Tls } from '../../targets/server/options.js';
import type { LocalRelease } from '../release-record.js';
import { readJson } from '../toolbox.js';
import type { ServerApp } from './app.js';
import { readProjectFile } from './project-file.js';

/** The first systemd with credentials that are encrypted: https://www.freedesktop.org/software/systemd/man/latest/systemd-creds.html */
const ENCRYPTS_SINCE = 250;

/** Until the domain has chosen more, as the project's own settings are held: src/config/resolve/pins/https.ts */
const FIRST_HSTS_SECONDS = 3600;

type Values = Readonly<Record<string, { readonly value?: unknown }>>;

/** Settings of `slipway.yml`, as facts are told. */
const given = (settings: ServerApp['config']['settings']): Values =>
  Object.fromEntries(Object.entries(settings).flatMap(([name, value]) => (value === 'keep' ? [] : [[name, { value }]])));

/** The edge says for every answer what the project's settings say for pages. */
export function strictTransport(settings: Values): Pick<ServerOptions, 'hstsSeconds' | 'hstsReach'> {
  const seconds = settings['SECURE_HSTS_SECONDS']?.value;
  const on = (name: string): boolean => settings[name]?.value === true;
  const subdomains = on('SECURE_HSTS_INCLUDE_SUBDOMAINS') ? '; includeSubDomains' : '';
  const chosen = typeof seconds === 'number' && seconds > 0;
  if (!chosen) return { hstsSeconds: FIRST_HSTS_SECONDS, hstsReach: subdomains };
  return { hstsSeconds: seconds, hstsReach: on('SECURE_HSTS_PRELOAD') ? `${subdomains}; preload` : subdomains };
}

/** Kept by its content: whatever certificate a release has, it has the key of it. */
const TLS_KEY = 'tls.key';

/** What the server has to know of a release beside what every machine must. */
export async function serverOptions(app: ServerApp, common: LocalOptions, facts: Facts): Promise<LocalOptions & ServerOptions> {
  const packages = await readJson(
    app.host,
    environmentPaths(app.at.home, common.venv.slice(common.venv.lastIndexOf('/') + 1)).packages,
  );
  const names = typeof packages === 'object' && packages !== null ? Object.keys(packages) : [];
  return {
    ...common,
    key: app.name,
    user: app.user,
    edge: app.config.edge ?? 'nginx',
    tls: await tlsOf(app),
    ...(app.config.trusted_proxies === undefined ? {} : { proxies: app.config.trusted_proxies }),
    network: 'internet',
    freedoms: freedomsOf(names),
    secrets: app.facts.systemd >= ENCRYPTS_SINCE ? 'encrypted' : 'plain',
    ...strictTransport({ ...facts.settings, ...given(app.config.settings) }),
  };
}

/** Where the certificate will come from. */
export const tlsKind = ({ config: { tls } }: ServerApp): Tls['kind'] => {
  if (tls === 'external') return 'external';
  return tls?.certificate !== undefined && tls.key !== undefined ? 'own' : 'acme';
};

/** Where a load balancer is that nothing was said of: https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc4193 */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** @throws Failure FILES_MISSING (config) for a certificate, key or authority that cannot be read */
async function tlsOf({ config, root, secrets }: ServerApp): Promise<Tls> {
  const { tls } = config;
  if (tls === 'external') return { kind: 'external', trusted: config.trusted_proxies ?? PRIVATE_NETWORKS };
  const read = (path: string) => readProjectFile(root, path);
  if (tls?.certificate !== undefined && tls.key !== undefined) {
    const [certificate, key] = [await read(tls.certificate), await secrets.keep(TLS_KEY, await read(tls.key))];
    return { kind: 'own', certificate, keySecret: key.secret };
  }
  return {
    kind: 'acme',
    ...(tls?.staging === true ? { directory: LETS_ENCRYPT_STAGING } : {}),
    ...(tls?.acme === undefined ? {} : { directory: tls.acme }),
    ...(tls?.dns_hook === undefined ? {} : { dnsHook: await read(tls.dns_hook) }),
    ...(tls?.email === undefined ? {} : { email: tls.email }),
    ...(tls?.ca === undefined ? {} : { ca: await read(tls.ca) }),
  };
}

/** A release that was recorded on a server. For one of another target it throws: the record is not ours */
export function serverRelease(release: LocalRelease): ServerRelease {
  const { options } = release;
  if (isServerOptions(options)) return { ...release, options };
  throw new Failure('BUG', 'bug', `release ${release.version} is not one of a server`);
}

// Written by `serverOptions`, into a file that only its makers can write.
const isServerOptions = (options: LocalOptions): options is LocalOptions & ServerOptions =>
  'key' in options && 'user' in options && 'tls' in options && 'freedoms' in options;

export type RecordedRelease = Release<LocalOptions & ServerOptions>;
