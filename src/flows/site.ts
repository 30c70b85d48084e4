import type { ServiceAddresses } from '../config/resolve/input.js';
import type { Resolution } from '../config/resolve/release.js';
import type { Env } from '../core/command.js';
import type { Facts } from '../core/facts.js';
import { Failure } from '../core/failure.js';
import type { Step } from '../core/plan.js';
import type { Release } from '../core/release.js';
import { sockets } from '../targets/local/layout.js';
import type { LocalOptions } from '../targets/local/options.js';
import type { Installed } from '../targets/local/paths.js';
import { pinsFile } from '../targets/release-files.js';
import type { Making } from './making.js';
import type { LocalRelease } from './release-record.js';
import { type RunningServices, runBase, runServices, serviceAddresses } from './services.js';
import type { Tooling } from './tooling.js';

/** What differs, while a release is made, between the kinds of place it is made for. */
export interface Site {
  /** Name of the target. */
  readonly target: string;
  /** Where its services will answer: fixed before any of them runs, so that settings can be run first. */
  addresses(): Promise<ServiceAddresses>;
  /** Nothing that the app may start is still being installed. Absent: nothing is. */
  installed?(): Promise<void>;
  /** The services of the release, and what its edge needs: there and answering. */
  serve(resolution: Resolution): Promise<RunningServices>;
  /** Has what a release is built with on the place it is built on, and the release's own folders; called first. */
  open(): Promise<void>;
  /** Has what is built on every other place it is for; called before databases are touched. */
  spread?(release: LocalRelease): Promise<void>;
  /** Writes the record of a release, which says that it is one; without, who makes it does. @param path absolute */
  writeRecord?(path: string, text: string): Promise<void>;
  /** What the target has to know of the release beside what every place that has a machine must. */
  options(common: LocalOptions, facts: Facts): Promise<LocalOptions>;
  /** The file of settings to hold. @param packages whose modules make up the settings */
  pins(release: Release<LocalOptions>, packages: readonly string[]): Step;
  /** Variables beside the release's own that the settings need to find what is held. */
  variables(release: Release<LocalOptions>): Env;
}

/** This machine's, where what every release needs is made ready while a first one is made. */
export interface LocalSite extends Site {
  /** Nothing of it goes on in the background any more, whatever became of it. */
  settled(): Promise<void>;
}

/** This machine: services below the app's own supervisor, and placeholders for what cannot be known. */
export function localSite(making: Making, tooling: Tooling): LocalSite {
  let base: Promise<Installed> | undefined;
  return {
    target: 'local',
    settled: async () => {
      await base?.catch(() => {});
    },
    addresses: () => serviceAddresses(making.app, making.project, making.ports),
    serve: async (resolution) => {
      base ??= runBase(making, tooling);
      const installed = await base;
      await making.freeServicePorts?.();
      return runServices(making, installed, resolution);
    },
    open: async () => {
      if (making.choices.web?.server === 'mod_wsgi')
        throw new Failure('SERVER_UNSUPPORTED', 'config', 'web.server: mod_wsgi is for servers: it needs the system’s Apache', {
          hint: 'environments: {local: {target: local, web: {server: gunicorn}}}   # in slipway.yml',
        });
      if (making.first !== true) return;
      const quiet = { ...making, context: { ...making.context, report: () => {} } };
      base ??= runBase(quiet, tooling);
      base.catch(() => {});
    },
    options: async (common) => ({ ...common, temp: sockets(making.app.at).temp, writesBytecode: making.app.writesBytecode }),
    pins: pinsFile,
    variables: () => ({}),
  };
}
