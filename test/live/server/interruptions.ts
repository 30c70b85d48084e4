import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { random } from '../../escapers/random-text.js';
import { Visitor } from '../../support/browserless.js';
import { startLoad } from '../../support/open-loop.js';
import type { Ran } from '../../support/slipway.js';
import { openWire, type Wire } from '../lab/hosts/wire.js';
import { until } from '../lab/sandbox.js';
import { changePlain } from './plain-project.js';
import type { PlainApp, PlainServer } from './plain-server.js';

/** How a run is ended: its process is killed, or its connection reset. */
export type Fault = 'kill' | 'cut';

/** One point of a run: when this step begins, or one that comes later where a host has no need of this one. */
export interface Point {
  readonly step: string;
  readonly later: readonly string[];
  readonly fault: Fault;
}

/** Steps that a deployment begins, in order, each once; by names that any app's deployment has. */
export const stepsOf = ({ stdout, result }: Ran): string[] => [
  ...new Set(
    stdout
      .trimEnd()
      .split('\n')
      .flatMap((line) => {
        const event = JSON.parse(line);
        return event.type === 'started' ? [anyonesStep(String(event.step), String(result['app']))] : [];
      }),
  ),
];

/** `unit.shop-web@20261121-175617-de6a7c4.service` is `unit.APP-web@RELEASE.service` in every deployment. */
const anyonesStep = (step: string, app: string): string =>
  step.replaceAll(new RegExp(`\\b${app}\\b`, 'g'), 'APP').replaceAll(/\d{8}-\d{6}-\w+/g, 'RELEASE');

/** So many points over the whole run, one by chance in each part of it; both faults in turns. @param seed by which they can be had again */
export function pointsOf(steps: readonly string[], count: number, seed: number): Point[] {
  const next = random(seed);
  const most = Math.min(count, steps.length);
  return Array.from({ length: most }, (_, index) => {
    const at = Math.floor(((index + next()) * steps.length) / most);
    const fault = (index + seed) % 2 === 0 ? 'kill' : 'cut';
    return { step: steps[at] ?? '', later: steps.slice(at + 1), fault };
  });
}

/** The step that installs most of what a bare host lacks. */
const PACKAGES = 'later.packages';

/** Deployments to one server that are interrupted, and what has to be true after each. */
export class Interruptions {
  #count = 0;

  constructor(
    readonly server: PlainServer,
    readonly say: (text: string) => void,
  ) {}

  /**
   * The first deployment to a bare host, killed while dpkg is at work: what it has begun there comes to its end by itself, and the next run has
   * nothing to install. @returns that run
   */
  async packages(app: PlainApp): Promise<Ran> {
    const { host } = this.server;
    let killed: Promise<string> | undefined;
    await app.run(['deploy'], {
      onEvent: ({ type, step }, child) => {
        if (killed !== undefined || type !== 'started' || step !== PACKAGES) return;
        killed = until('dpkg is at work', () => this.#dpkgUnit(), 120).finally(() => child.kill('SIGKILL'));
        // Whoever waits for the run hears of it.
        killed.catch(() => {});
      },
    });
    assert.ok(killed !== undefined, `the run never came to ${PACKAGES}`);
    const unit = await killed;
    assert.match(unit, /^run-\S+\.service$/);
    await this.#unlocked(app, PACKAGES);
    assert.equal((await host.exec(['systemctl', 'is-active', unit])).stdout, 'active\n', 'it goes on without us');
    await until('it ends', async () => (await host.exec(['systemctl', '-q', 'is-active', unit])).code !== 0, 180);
    assert.equal(await host.sh('dpkg --audit'), '');
    const next = await app.run(['deploy']);
    assert.equal(next.code, 0, `${next.stdout}${next.stderr}`);
    const same = `{"type":"same","step":"${PACKAGES}"`;
    assert.ok(next.stdout.includes(same), `all packages are there: ${next.stdout}`);
    this.say('the first deployment to a bare host, killed while dpkg was at work: it went on, and the next run made it whole');
    return next;
  }

  /** The unit that dpkg runs in, while it unpacks or sets up; undefined while it does not. */
  async #dpkgUnit(): Promise<string | undefined> {
    const look = 'for pid in $(pgrep -x dpkg); do cat /proc/$pid/cgroup; done 2>/dev/null || true';
    return /\/([^/\s]+)$/m.exec(await this.server.host.sh(look))?.[1];
  }

  /** First deployments, each of an app of its own, ended at each of the points. */
  async first(points: readonly Point[]): Promise<void> {
    for (const point of points) {
      this.#count += 1;
      const wire = await this.#wire();
      const app = this.server.app({ app: `app${this.#count}`, host: 'wire', sshConfig: wire.sshConfig, more: QUICK });
      try {
        const step = await this.#interrupted(app, wire, point);
        await this.#nothingHalf(app, ['first']);
        await this.#converges(app, 'first');
        this.say(`first deployment, ${point.fault} at ${step}: the next run made it whole`);
      } finally {
        await wire.close();
      }
    }
  }

  /** Deployments of another release, each ended at one of the points, under load. */
  async second(points: readonly Point[]): Promise<void> {
    const wire = await this.#wire();
    const app = this.server.app({ app: 'app0', host: 'wire', sshConfig: wire.sshConfig, more: QUICK });
    let word = 'first';
    try {
      await app.good('deploy');
      const load = startLoad({
        ...{ url: app.url, ca: this.server.ca, address: this.server.host.address },
        ...{ rate: 25, contains: '</html>', headers: { accept: 'text/html' } },
      });
      for (const point of points) {
        this.#count += 1;
        const next = `change${this.#count}`;
        changePlain(app.directory, next);
        const step = await this.#interrupted(app, wire, point);
        await this.#nothingHalf(app, [word, next]);
        await this.#converges(app, next);
        word = next;
        this.say(`another release, ${point.fault} at ${step}: the next run made it whole`);
      }
      const { sent, failures } = await load.stop();
      assert.deepEqual(failures, {}, `of ${sent} requests`);
      this.say(`${sent} requests meanwhile, 0 failed`);
    } finally {
      await wire.close();
    }
  }

  #wire(): Promise<Wire> {
    return openWire(this.server.host, this.server.lab.folder);
  }

  /** Gives the step at which it was. */
  async #interrupted(app: PlainApp, wire: Wire, { step, later, fault }: Point): Promise<string> {
    const wanted = new Set([step, ...later]);
    let reached: string | undefined;
    const ran = await app.run(['deploy'], {
      onEvent: (event, child) => {
        if (reached !== undefined || event['type'] !== 'started') return;
        const begun = anyonesStep(String(event['step']), nameOf(app));
        if (!wanted.has(begun)) return;
        reached = begun;
        if (fault === 'kill') child.kill('SIGKILL');
        else wire.reset();
      },
    });
    assert.ok(reached !== undefined, `the run never came to ${step}: ${ran.stdout}`);
    if (fault === 'cut' && ran.code !== 0) assert.equal(ran.code, 6, `${reached}: ${ran.stdout}${ran.stderr}`);
    await this.#unlocked(app, reached);
    return reached;
  }

  /** What a run had begun on the host ends with its connection. */
  async #unlocked(app: PlainApp, reached: string): Promise<void> {
    const held = `flock -n /run/lock/slipway-${nameOf(app)} true`;
    await until(
      `nobody holds the lock after ${reached}`,
      async () => (await this.server.host.exec(['sh', '-c', held])).code === 0,
      60,
    );
  }

  /** Every answer is whole, of one release; or there is none, where nothing was live. */
  async #nothingHalf(app: PlainApp, words: readonly string[]): Promise<void> {
    const seen = new Set<string>();
    for (let times = 0; times < 10; times++) {
      const answer = await this.#ask(app);
      if (answer !== undefined) seen.add(answer);
      await pause(20);
    }
    assert.ok(seen.size <= 1, `answers of several releases: ${[...seen].join(', ')}`);
    for (const answer of seen) {
      const word = /^<html><body>GET (\S+) of \d{8}-\d{6}-\w+<\/body><\/html>$/.exec(answer)?.[1];
      assert.ok(word !== undefined && words.includes(word), answer);
    }
  }

  /** The page; undefined where there is no such site: nothing listens, or what listens knows nothing of it. */
  async #ask(app: PlainApp): Promise<string | undefined> {
    const visitor = new Visitor(this.server.caFile, this.server.host.address);
    try {
      const { status, text } = await visitor.visit(app.url);
      if ([400, 404, 421].includes(status)) return undefined;
      assert.equal(status, 200, text);
      return text;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return undefined;
    }
  }

  async #converges(app: PlainApp, word: string): Promise<void> {
    const { release } = await app.good('deploy');
    assert.match((await this.#ask(app)) ?? '', new RegExp(`GET ${word} of ${String(release)}<`));
    const { processes } = await app.good('status');
    assert.ok(Array.isArray(processes) && processes.every(({ state }) => state === 'running'), JSON.stringify(processes));
    const key = nameOf(app);
    const units = `systemctl list-units --plain --no-legend --all "${key}-web@*" | cut -d" " -f1`;
    await until(
      'only one release runs',
      async () => (await this.server.host.sh(units)) === `${key}-web@${String(release)}.service\n`,
      60,
    );
    assert.equal(await this.server.host.sh('systemctl --failed --plain --no-legend'), '');
    assert.equal((await app.good('deploy'))['changed'], false);
  }
}

const nameOf = (app: PlainApp): string => app.domain.replace('.test', '');

const QUICK = { rollout: { watch_seconds: 0 } };
