import { untilInstalled } from '../../ops/apt.js';
import { edgeHeldStep, packageStep } from '../../targets/server/base.js';
import { edgePackages } from '../../targets/server/edge.js';
import { postgresIsOurs } from '../../targets/server/postgresql.js';
import type { Context } from '../context.js';
import { sideBySide } from '../side-by-side.js';
import type { ServerApp } from './app.js';
import { postgresMajor } from './facts.js';
import { type Fleet, hasRole } from './fleet.js';
import { provisionPackages } from './provision.js';
import { tlsKind } from './release.js';
import { run, wantsPostgres } from './site.js';

/** Sets a machine up. @param installed what it is set up with is there: the packages named, or all */
type SetUp = (app: ServerApp, installed: (names?: readonly string[]) => Promise<void>) => Promise<void>;

/**
 * What the making of a release does not need, and goes on while it is made: the packages of front servers, databases and hardening, by one run
 * of apt, and the setting up of the machines.
 */
export class Meanwhile {
  readonly #failed = new AbortController();
  #goesOn = false;
  #packages: Promise<unknown> | undefined;
  #machines: Promise<unknown> | undefined;

  constructor(
    readonly fleet: Fleet,
    readonly context: Context,
  ) {}

  /** For what is done beside: stopped when packages cannot be had, with their failure for its reason. */
  get beside(): Context {
    return { ...this.context, signal: AbortSignal.any([this.context.signal, this.#failed.signal]) };
  }

  /** Begins, on every host; nothing where it has begun. */
  begin(setUp: SetUp): void {
    if (this.#packages !== undefined) return;
    const hosts = this.fleet.hosts.map((app) => ({ app, installed: this.#install(app) }));
    this.#packages = sideBySide(hosts, ({ installed }) => installed);
    this.#packages.catch((error: unknown) => {
      if (!this.#goesOn) this.#failed.abort(error);
    });
    this.#machines = sideBySide(hosts, ({ app, installed }) =>
      setUp(app, (names) => (names === undefined ? installed : this.#among(app, names, installed))),
    );
    this.#machines.catch(() => {});
  }

  /** From here on what is done beside comes to its end, whatever becomes of packages: databases are migrated. */
  letGoOn(): void {
    this.#goesOn = true;
  }

  /** All packages are there, and apt, which works for one at a time, is free. @throws Failure PACKAGES_FAILED, or what apt has named */
  async installed(): Promise<void> {
    await this.#packages;
  }

  /** These packages are set up on a host, whatever else apt is still at work on. @throws Failure as `installed` does */
  has(app: ServerApp, names: readonly string[]): Promise<void> {
    return this.#among(app, names, this.installed());
  }

  /** All of it is done. @throws Failure of a package, or of setting a machine up */
  async done(): Promise<void> {
    await this.settled();
    await this.#packages;
    await this.#machines;
  }

  /** Whatever became of the release: neither is cut off in the middle. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.#packages, this.#machines]);
  }

  async #among({ system }: ServerApp, names: readonly string[], all: Promise<void>): Promise<void> {
    if (this.#packages === undefined) return;
    const stop = new AbortController();
    const these = system.exec(untilInstalled(names), { signal: AbortSignal.any([this.context.signal, stop.signal]) });
    // Of a host that does not say, what is awaited is apt.
    const said = these.then(
      ({ code }) => (code === 0 ? undefined : all),
      () => all,
    );
    await Promise.race([all, said]).finally(() => stop.abort());
  }

  async #install(app: ServerApp): Promise<void> {
    const postgres = this.fleet.database === app && app.config.database === undefined && wantsPostgres(app);
    const major = postgresMajor(app.facts);
    const names = [
      ...provisionPackages(app),
      ...(hasRole(app, 'web')
        ? edgePackages({ options: { edge: app.config.edge ?? 'nginx', tls: { kind: tlsKind(app) } } })
        : []),
      ...(postgres ? [`postgresql-${major}`] : []),
    ];
    if (names.length === 0) return;
    await run(
      app,
      this.context,
    )([
      ...(postgres ? [postgresIsOurs(major, app.place)] : []),
      ...(hasRole(app, 'web') ? [edgeHeldStep(app.place, app.config.edge ?? 'nginx')] : []),
      packageStep(app.place, 'later.packages', [...new Set(names)].sort()),
    ]);
  }
}
