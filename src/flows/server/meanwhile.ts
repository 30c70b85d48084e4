import { apply } from '../../engine/apply.js';
import { packageStep } from '../../targets/server/base.js';
import { edgePackages } from '../../targets/server/edge.js';
import { postgresIsOurs } from '../../targets/server/postgresql.js';
import type { Context } from '../context.js';
import type { ServerApp } from './app.js';
import { postgresMajor } from './facts.js';
import { type Fleet, hasRole } from './fleet.js';
import { tlsKind } from './release.js';
import { wantsPostgres } from './site.js';

/**
 * What the making of a release does not need, and goes on while it is made: the packages of front servers and databases, and the setting up
 * of the machines. That a package could not be installed is told by the step that needs it, which tries again.
 */
export class Meanwhile {
  #packages: Promise<void> | undefined;
  #machines: Promise<unknown> | undefined;

  constructor(
    readonly fleet: Fleet,
    readonly context: Context,
  ) {}

  /** Begins, on every host; nothing where it has begun. @param machines sets them up */
  begin(machines: () => Promise<unknown>): void {
    this.#packages ??= Promise.all(this.fleet.hosts.map((app) => this.#install(app))).then(() => {});
    this.#machines ??= machines();
    this.#machines.catch(() => {});
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

  async #install(app: ServerApp): Promise<void> {
    const postgres = this.fleet.database === app && app.config.database === undefined && wantsPostgres(app);
    const major = postgresMajor(app.facts);
    const names = [
      ...(hasRole(app, 'web')
        ? edgePackages({ options: { edge: app.config.edge ?? 'nginx', tls: { kind: tlsKind(app) } } })
        : []),
      ...(postgres ? [`postgresql-${major}`] : []),
    ];
    const quiet = () => {};
    if (names.length === 0) return;
    const steps = [...(postgres ? [postgresIsOurs(major, app.place)] : []), packageStep(app.place, 'later.packages', names)];
    await apply(steps, () => app.system, quiet, this.context.signal).catch(quiet);
  }
}
