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
 * Packages of front servers and databases, which the making of a release does not need: apt is at work while it is made. That it fails is told
 * by the step that does need them, which tries again.
 */
export class LaterPackages {
  #work: Promise<void> | undefined;

  constructor(
    readonly fleet: Fleet,
    readonly context: Context,
  ) {}

  /** Begins, on every host; nothing where it has begun. */
  begin(): void {
    this.#work ??= Promise.all(this.fleet.hosts.map((app) => this.#install(app))).then(() => {});
  }

  /** Whatever became of the release: apt is not cut off in the middle. */
  async settled(): Promise<void> {
    await this.#work;
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
