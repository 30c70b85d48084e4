import type { Reporter } from '../../core/event.js';
import { apply } from '../../engine/apply.js';
import { edgeHeldStep, packageStep } from '../../targets/server/base.js';
import { edgePackages } from '../../targets/server/edge.js';
import { postgresIsOurs } from '../../targets/server/postgresql.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';
import { postgresMajor } from './facts.js';
import { type Fleet, hasRole } from './fleet.js';
import { provisionPackages } from './provision.js';
import { tlsKind } from './release.js';
import { wantsPostgres } from './site.js';

/** Sets a machine up. @param installed what it is set up with is there, or could not be had */
type SetUp = (app: ServerApp, installed: Promise<unknown>) => Promise<unknown>;

/**
 * What the making of a release does not need, and goes on while it is made: the packages of front servers, databases and hardening, by one run
 * of apt, and the setting up of the machines. That a package could not be installed is told by the step that needs it, which tries again.
 */
export class Meanwhile {
  #packages: Promise<boolean> | undefined;
  #machines: Promise<unknown> | undefined;

  constructor(
    readonly fleet: Fleet,
    readonly context: Context,
  ) {}

  /** Begins, on every host; nothing where it has begun. */
  begin(setUp: SetUp): void {
    if (this.#packages !== undefined) return;
    const hosts = this.fleet.hosts.map((app) => ({ app, installed: this.#install(app) }));
    this.#packages = Promise.all(hosts.map(({ installed }) => installed)).then((all) => !all.includes(false));
    this.#machines = Promise.all(hosts.map(({ app, installed }) => setUp(app, installed)));
    this.#machines.catch(() => {});
  }

  /** No package is being installed any more: apt works for one at a time. */
  async installed(): Promise<void> {
    // Where it failed, the setting up tries again.
    if ((await this.#packages) === false) await this.settled();
  }

  /** All of it is done. @throws Failure of setting a machine up */
  async done(): Promise<void> {
    await this.settled();
    await this.#machines;
  }

  /** Whatever became of the release: neither is cut off in the middle. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#packages, this.#machines]);
  }

  /** @returns whether all is there */
  async #install(app: ServerApp): Promise<boolean> {
    const postgres = this.fleet.database === app && app.config.database === undefined && wantsPostgres(app);
    const major = postgresMajor(app.facts);
    const names = [
      ...provisionPackages(app),
      ...(hasRole(app, 'web')
        ? edgePackages({ options: { edge: app.config.edge ?? 'nginx', tls: { kind: tlsKind(app) } } })
        : []),
      ...(postgres ? [`postgresql-${major}`] : []),
    ];
    if (names.length === 0) return true;
    const steps = [
      ...(postgres ? [postgresIsOurs(major, app.place)] : []),
      ...(hasRole(app, 'web') ? [edgeHeldStep(app.place, app.config.edge ?? 'nginx')] : []),
      packageStep(app.place, 'later.packages', [...new Set(names)].sort()),
    ];
    const report: Reporter = (event) => {
      if (event.type !== 'failed') this.context.report(event);
    };
    return apply(steps, () => app.system, report, this.context.signal).then(
      () => true,
      () => false,
    );
  }
}
