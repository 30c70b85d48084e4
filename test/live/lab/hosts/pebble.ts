import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type AcmeProxy, openAcmeProxy } from './acme-proxy.js';
import type { Lab } from './lab.js';
import { run, tryRun } from './run.js';

/** A certificate authority that speaks ACME and validates for real, over HTTP-01. https://github.com/letsencrypt/pebble */
export interface Pebble {
  /** For `tls: {acme: …}`. */
  readonly directory: string;
  /** PEM file of what its own HTTPS is trusted by: `tls: {ca: …}`. */
  readonly ca: string;
  /** PEM file of the root of the certificates it gives. */
  readonly root: string;
  /** What stands before it. */
  readonly proxy: AcmeProxy;
  close(): Promise<void>;
}

/** Why there can be none here; false where there can. */
export const pebbleMissing = (): string | false =>
  existsSync('/usr/bin/pebble') && existsSync('/usr/bin/pebble-challtestsrv')
    ? false
    : 'an ACME server needs: apt-get install pebble';

export interface PebbleOptions {
  /** Of a hundred nonces, how many it refuses though they are good; none unless said. */
  readonly refusedNonces?: number;
}

/** Every name it is asked for leads to the first host of the lab. */
export async function openPebble(lab: Lab, { refusedNonces = 0 }: PebbleOptions = {}): Promise<Pebble> {
  const folder = join(lab.folder, 'pebble');
  const at = (name: string) => join(folder, name);
  const [key, ca, root, config, log] = [at('key.pem'), at('cert.pem'), at('root.pem'), at('config.json'), at('log')];
  await mkdir(folder, { recursive: true });
  const [acme, management, dns, control] = await freePorts();
  await run(
    ...[
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=acme-lab',
    ],
    ...['-addext', `subjectAltName=IP:${lab.gateway},IP:127.0.0.1`, '-keyout', key, '-out', ca],
  );
  const pebble = {
    listenAddress: `${lab.gateway}:${acme}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: ca,
    privateKey: key,
    httpPort: 80,
    tlsPort: 443,
  };
  await writeFile(config, JSON.stringify({ pebble }));
  const out = openSync(log, 'w');
  const start = (program: string, args: readonly string[]): ChildProcess =>
    spawn(program, args, {
      stdio: ['ignore', out, out],
      env: { PATH: '/usr/bin:/bin', PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: String(refusedNonces) },
    });
  const { stdout, stderr } = await tryRun(['pebble-challtestsrv', '--help']);
  const knows = stdout + stderr;
  const children = [
    start('pebble-challtestsrv', [
      ...[
        '-defaultIPv4',
        lab.hosts[0]?.address ?? '',
        '-defaultIPv6',
        '',
        '-http01',
        '',
        '-https01',
        '',
        '-tlsalpn01',
        '',
        // Newer ones answer DNS over HTTPS too, at a port of their own, unless told not to.
        ...(knows.includes('-doh') ? ['-doh', ''] : []),
      ],
      ...['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${control}`],
    ]),
    start('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`, '-strict']),
  ];
  let proxy: AcmeProxy | undefined;
  const close = async () => {
    await proxy?.close();
    for (const child of children) {
      if (child.exitCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
  };
  try {
    proxy = await openAcmeProxy({ address: lab.gateway, port: acme, certificate: readFileSync(ca), key: readFileSync(key) });
    await writeFile(root, await untilAnswered(`https://127.0.0.1:${management}/roots/0`, readFileSync(ca)));
  } catch (error) {
    await close();
    throw new Error(`pebble does not answer: ${readFileSync(log, 'utf8')}`, { cause: error });
  }
  return { directory: `https://${lab.gateway}:${proxy.port}/dir`, ca, root, proxy, close };
}

async function untilAnswered(url: string, ca: Buffer): Promise<string> {
  for (let tries = 1; ; tries++) {
    try {
      return await get(url, ca);
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
}

const get = (url: string, ca: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { ca, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

async function freePorts(): Promise<[number, number, number, number]> {
  const servers = Array.from({ length: 4 }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          }),
        ),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [a = 0, b = 0, c = 0, d = 0] = ports;
  return [a, b, c, d];
}
