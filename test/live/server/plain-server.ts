import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ran, type RunOptions, slipway } from '../../support/slipway.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { run } from '../lab/hosts/run.js';
import { plainProject } from './plain-project.js';

export interface PlainOptions {
  /** What the app is called; `plain` unless said. Its domain is this name and `.test`. */
  readonly app?: string;
  /** As the ssh configuration names the host; `h1` unless said. */
  readonly host?: string;
  readonly sshConfig?: string;
  /** More keys of the environment. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** A project of its own on the server of the lab, deployed to by the real command. */
export interface PlainApp {
  readonly directory: string;
  readonly domain: string;
  readonly url: string;
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<Ran>;
  /** A command that must succeed; its result. */
  good(...args: string[]): Promise<Ran['result']>;
}

/** One bare host of a lab, and projects that are deployed to it with a certificate of our own making. */
export interface PlainServer {
  readonly lab: Lab;
  readonly host: LabHost;
  readonly folder: string;
  /** PEM: what every domain under `.test` is trusted by. */
  readonly ca: Buffer;
  readonly caFile: string;
  app(options?: PlainOptions): PlainApp;
  close(): Promise<void>;
}

export async function openPlainServer(): Promise<PlainServer> {
  const lab = await openLab({ hosts: 1 });
  const [host] = lab.hosts;
  assert.ok(host !== undefined);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-plain-'));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const names = ['-subj', '/CN=plain.test', '-addext', `subjectAltName=${NAMES.map((name) => `DNS:${name}.test`).join(',')}`];
  await run('openssl', 'req', '-x509', '-days', '30', ...curve, ...names, '-keyout', key, '-out', certificate);
  const app = ({ app = 'plain', host: address = 'h1', sshConfig = lab.sshConfig, more = {} }: PlainOptions = {}): PlainApp => {
    const directory = plainProject(join(folder, app));
    const domain = `${app}.test`;
    const production = {
      ...{ target: 'server', hosts: [`root@${address}`], ssh_config: sshConfig, domains: [domain] },
      ...{ tls: { certificate, key }, ...more },
    };
    writeFileSync(join(directory, 'slipway.yml'), JSON.stringify({ app, environments: { production } }));
    const home = join(folder, 'home');
    const command = (args: readonly string[], options: Partial<RunOptions> = {}) =>
      slipway([...args, '-e', 'production', '-C', directory, '--json'], { home, ...options });
    const good = async (...args: string[]) => {
      const ran = await command(args);
      assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
      return ran.result;
    };
    return { directory, domain, url: `https://${domain}/`, run: command, good };
  };
  const close = async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { lab, host, folder, ca: readFileSync(certificate), caFile: certificate, app, close };
}

/** For what the certificate is good: wildcards of a top-level domain are taken by nobody. */
const NAMES = ['plain', ...Array.from({ length: 40 }, (_, index) => `app${index}`)];
