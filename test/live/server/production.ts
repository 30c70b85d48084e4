import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Visitor } from '../../support/browserless.js';
import { type Ran, ROOT, type RunOptions, slipway } from '../../support/slipway.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { openPebble, type Pebble } from '../lab/hosts/pebble.js';

/** An example on a lab host with an authority of its own: what a test of a deployment begins with. */
export interface Production {
  readonly lab: Lab;
  readonly pebble: Pebble;
  readonly host: LabHost;
  /** The copy of the example's source tree. */
  readonly project: string;
  readonly domain: string;
  /** `https://allotment.test/` */
  readonly url: string;
  /** Writes `slipway.yml` anew. @param environment laid over what the lab needs @param general keys beside the environments */
  configure(environment: object, general?: object): void;
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<Ran>;
  /** As `run`, and it must succeed. */
  good(...args: string[]): Promise<Ran['result']>;
  visitor(): Visitor;
  close(): Promise<void>;
}

/** Makes all of it. @param example name of a folder of `examples/`; its domain is `NAME.test` */
export async function openProduction(example: string): Promise<Production> {
  const lab = await openLab({ hosts: 1 });
  const folder = mkdtempSync(join(tmpdir(), 'slipway-production-'));
  const closing: (() => Promise<void>)[] = [() => lab.close(), async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closing) await step();
  };
  try {
    const pebble = await openPebble(lab);
    closing.unshift(() => pebble.close());
    const [host] = lab.hosts;
    assert.ok(host !== undefined);
    const project = join(folder, example);
    const domain = `${example}.test`;
    cpSync(join(ROOT, 'examples', example), project, { recursive: true });
    const configure: Production['configure'] = (environment, general = {}) => {
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
    const run: Production['run'] = (args, options = {}) => {
      // What follows `--` is another program's.
      const end = args.includes('--') ? args.indexOf('--') : args.length;
      const own = [...args.slice(0, end), '-e', 'production', '-C', project, ...(end === args.length ? ['--json'] : [])];
      return slipway([...own, ...args.slice(end)], { home: join(folder, 'home'), ...options });
    };
    const good: Production['good'] = async (...args) => {
      const ran = await run(args);
      assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
      return ran.result;
    };
    const visitor = () => new Visitor(pebble.root, host.address);
    return { lab, pebble, host, project, domain, url: `https://${domain}/`, configure, run, good, visitor, close };
  } catch (error) {
    await close();
    throw error;
  }
}
