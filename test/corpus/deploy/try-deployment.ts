import { parse } from 'yaml';
import { run } from '../../live/lab/hosts/run.js';
import { type Ground, type Site, siteOn } from '../../live/server/production.js';
import { checkLive, listing } from '../../support/live-checks.js';
import type { Ran } from '../../support/slipway.js';
import { changesIn } from '../left-behind.js';
import { isRecord, told, warnedOf, warningsOf } from '../said.js';
import { machineState, ofApp } from './machine-state.js';
import type { Subject } from './subject.js';

/** Of one command: a big project builds for long on a busy machine. */
const LIMIT_SECONDS = 1800;

/** How a project is served. */
export interface Way {
  readonly edge: 'nginx' | 'apache';
  readonly server: 'mod_wsgi' | 'uwsgi' | 'default';
}

/** What was seen of one project on its way to a server and away from it; seconds of each command. */
export interface Deployment {
  readonly name: string;
  /** Changes that the plan named. */
  readonly changes: number;
  readonly plan: number;
  readonly deploy: number;
  readonly again: number;
  readonly verify: number;
  /** How many looks `verify` took. */
  readonly looks: number;
  readonly remove: number;
  readonly warnings: readonly string[];
  /** What does not hold, in the words a user gets. */
  readonly failing: readonly string[];
}

/** A project whose site is there, and what is left to do with it. */
export interface Standing {
  /** What does not hold so far. */
  readonly failing: readonly string[];
  /** Looks at it once more, takes it away, and looks for what it left. */
  leave(): Promise<Deployment>;
}

/** Plan, deploy, visit, deploy again, verify: each of what it must be, in a copy of the project with nothing but its slipway.yml. */
export async function deployed(ground: Ground, subject: Subject, way: Way): Promise<Standing> {
  const site = siteOn(ground, subject.source, subject.below);
  site.configure({ edge: way.edge }, generalKeys(subject, way));
  const trial = new Trial(ground, site, subject);
  await trial.planned();
  if (await trial.goesLive()) {
    await trial.isVisited();
    await trial.changesNothing();
    await trial.verifies();
  }
  return { failing: trial.failing, leave: () => trial.leaves() };
}

function generalKeys({ config }: Subject, { server }: Way): object {
  const own: unknown = config === undefined ? {} : parse(config);
  return { ...(isRecord(own) ? own : {}), ...(server === 'default' ? {} : { web: { server } }) };
}

class Trial {
  readonly failing: string[] = [];
  private readonly seconds = { plan: 0, deploy: 0, again: 0, verify: 0, remove: 0 };
  private warnings: readonly string[] = [];
  private changes = 0;
  private looks = 0;
  private isLive = false;
  private readonly before: Promise<string[]>;

  constructor(
    private readonly ground: Ground,
    private readonly site: Site,
    private readonly subject: Subject,
  ) {
    this.before = listing(site.project);
  }

  async planned(): Promise<void> {
    // What a machine does at somebody's first login (Ubuntu notes that it has shown its terms) is not the plan's.
    await run('ssh', '-F', this.ground.lab.sshConfig, 'root@h1', 'true');
    const before = await machineState(this.ground.host);
    const { result } = await this.timed('plan', ['plan']);
    this.changes = stepsOf(result).length;
    this.must(this.changes > 0, 'plan: it names no change');
    this.failing.push(...changesIn(before, await machineState(this.ground.host), 'plan: the machine'));
  }

  /** Whether there is a site to look at. */
  async goesLive(): Promise<boolean> {
    const ran = await this.timed('deploy', ['deploy']);
    this.warnings = [...new Set([...warnedOf(ran), ...warningsOf(ran)])];
    this.isLive = ran.code === 0;
    this.must(!this.isLive || ran.result['changed'] === true, 'deploy: it says that nothing was changed');
    return this.isLive;
  }

  async isVisited(): Promise<void> {
    for (const argv of this.subject.first ?? []) {
      const ran = await this.site.run(['exec', '--', ...argv]);
      this.must(ran.code === 0, `${argv.join(' ')}: ${ran.stderr.trim().split('\n').at(-1)}`);
    }
    const { ground, site } = this;
    const app = { directory: site.project, home: ground.home, url: site.url, ca: ground.pebble.root, httpPort: 80 };
    const outcomes = await checkLive({ ...app, address: ground.host.address, environment: 'production' }, this.subject);
    for (const { name, problem } of outcomes) this.must(problem === undefined, `${name}: ${problem}`);
  }

  async changesNothing(): Promise<void> {
    const ran = await this.timed('again', ['deploy']);
    this.must(ran.code !== 0 || ran.result['changed'] === false, 'the second deploy says that something was changed');
    const { result } = await this.site.run(['plan']);
    const steps = stepsOf(result);
    this.must(steps.length === 0, `after it the plan still names ${steps.slice(0, 5).join(', ')}`);
  }

  async verifies(): Promise<void> {
    const { result } = await this.timed('verify', ['verify']);
    this.looks = Array.isArray(result['checks']) ? result['checks'].length : 0;
  }

  async leaves(): Promise<Deployment> {
    if (this.isLive) {
      const page = await this.ground.visitor().visit(new URL(this.subject.page, this.site.url).href);
      this.must(page.status === 200, `beside the others its page answered ${page.status}`);
    }
    this.failing.push(...changesIn(await this.before, await listing(this.site.project)));
    await this.timed('remove', ['remove', '--delete-data', '--yes']);
    const left = await ofApp(this.ground.host, this.site.project);
    this.must(left.length === 0, `after remove there is ${left.slice(0, 5).join(', ')}`);
    const { name } = this.subject;
    const { changes, looks, warnings, failing } = this;
    return { name, changes, looks, warnings, failing, ...this.seconds };
  }

  private async timed(step: keyof Trial['seconds'], args: readonly string[]): Promise<Ran> {
    const began = performance.now();
    const ran = await this.site.run(args, { timeoutMs: LIMIT_SECONDS * 1000 });
    this.seconds[step] = (performance.now() - began) / 1000;
    this.must(ran.code === 0, `${step}: ${told(ran, LIMIT_SECONDS)}`);
    return ran;
  }

  private must(holds: boolean, otherwise: string): void {
    if (!holds) this.failing.push(otherwise);
  }
}

/** The steps of a plan that would change something, or may. */
const stepsOf = (plan: Ran['result']): string[] =>
  (Array.isArray(plan['steps']) ? plan['steps'] : []).flatMap((step: unknown) =>
    isRecord(step) && isRecord(step['change']) && step['change']['kind'] !== 'same' ? [String(step['id'])] : [],
  );
