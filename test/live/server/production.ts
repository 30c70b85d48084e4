import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Visitor } from '../../support/browserless.js';
import { startLoad } from '../../support/open-loop.js';
import { type Ran, ROOT, type RunOptions, slipway } from '../../support/slipway.js';
import type { LabHost } from '../lab/hosts/host.js';
import type { Suite } from '../lab/hosts/image.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { openPebble, type Pebble } from '../lab/hosts/pebble.js';
import { openPythonMirror } from '../lab/hosts/python-mirror.js';

/** A bare lab host with an authority of its own. */
export interface Ground {
  readonly lab: Lab;
  readonly pebble: Pebble;
  readonly host: LabHost;
  /** For copies of projects; gone with the ground. */
  readonly folder: string;
  /** Slipway's state for what is deployed here. */
  readonly home: string;
  visitor(): Visitor;
  close(): Promise<void>;
}

/** A project that is deployed to the host. */
export interface Site {
  /** The copy of its source tree. */
  readonly project: string;
  readonly domain: string;
  /** `https://allotment.test/` */
  readonly url: string;
  /** Writes `slipway.yml` anew. @param environment laid over what the lab needs @param general keys beside the environments */
  configure(environment: object, general?: object): void;
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<Ran>;
  /** As `run`, and it must succeed. */
  good(...args: string[]): Promise<Ran['result']>;
}

/** An example on a ground: what a test of a deployment begins with. */
export type Production = Ground & Site;

/** Makes a host, an authority, and a mirror of Pythons. @param suite Debian 13 unless said */
export async function openGround(suite: Suite = 'trixie'): Promise<Ground> {
  const lab = await openLab({ hosts: 1, suite });
  const folder = mkdtempSync(join(tmpdir(), 'slipway-production-'));
  const closing: (() => Promise<void>)[] = [() => lab.close(), async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing) await step();
  };
  try {
    const pebble = await openPebble(lab);
    closing.unshift(() => pebble.close(), await openPythonMirror(lab));
    const [host] = lab.hosts;
    assert.ok(host !== undefined);
    const visitor = () => new Visitor(pebble.root, host.address);
    return { lab, pebble, host, folder, home: join(folder, 'home'), visitor, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A copy of a source tree, whose domain is `NAME.test`; `configure` comes first.
 * @param source folder that is copied @param below where the Django project is in it
 */
export function siteOn({ lab, pebble, folder, home }: Ground, source: string, below = ''): Site {
  const copy = join(folder, basename(source));
  cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
  const project = join(copy, below);
  const domain = `${basename(project).toLowerCase().replaceAll('_', '-')}.test`;
  const configure: Site['configure'] = (environment, general = {}) => {
    const tls = { acme: pebble.directory, email: `ops@${domain}`, ca: pebble.ca };
    const production = {
      target: 'server',
      hosts: ['root@h1'],
      ssh_config: lab.sshConfig,
      domains: [domain],
      tls,
      ...environment,
    };
    writeFileSync(join(project, 'slipway.yml'), JSON.stringify({ ...general, environments: { production } }));
  };
  const run: Site['run'] = (args, options = {}) => {
    // What follows `--` is another program's.
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const own = [...args.slice(0, end), '-e', 'production', '-C', project, ...(end === args.length ? ['--json'] : [])];
    return slipway([...own, ...args.slice(end)], { home, ...options });
  };
  const good: Site['good'] = async (...args) => {
    const ran = await run(args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran.result;
  };
  return { project, domain, url: `https://${domain}/`, configure, run, good };
}

/** Visitors of a site's first page, twenty a second until they are stopped. */
export const visitorsOf = ({ url, pebble, host }: Production): ReturnType<typeof startLoad> =>
  startLoad({ url, ca: readFileSync(pebble.root), rate: 20, address: host.address, contains: 'html' });

/** Makes all of it. @param example name of a folder of `examples/`; its domain is `NAME.test` */
export async function openProduction(example: string): Promise<Production> {
  const ground = await openGround();
  try {
    const site = siteOn(ground, join(ROOT, 'examples', example));
    site.configure({});
    return { ...ground, ...site };
  } catch (error) {
    await ground.close();
    throw error;
  }
}
