import type { ServiceAddresses } from '../config/resolve/input.js';
import type { Resolution } from '../config/resolve/release.js';
import type { Making } from './make-release.js';
import { type RunningServices, runServices, serviceAddresses } from './services.js';

/** What differs, while a release is made, between the kinds of place it is made for. */
export interface Site {
  /** Name of the target. */
  readonly target: string;
  /** Where its services will answer: fixed before any of them runs, so that settings can be run first. */
  addresses(): Promise<ServiceAddresses>;
  /** The services of the release, and what its edge needs: there and answering. */
  serve(resolution: Resolution): Promise<RunningServices>;
  /** Looks at what settings were given to go on with; what has to come from the user stops it here. @throws Failure VARIABLE_MISSING */
  accept(placeholders: readonly { readonly name: string; readonly from: string }[]): void;
}

/** This machine: services below the app's own supervisor, and placeholders for what cannot be known. */
export const localSite = (making: Making): Site => ({
  target: 'local',
  addresses: () => serviceAddresses(making.app, making.project, making.ports),
  serve: async (resolution) => {
    await making.freeServicePorts?.();
    return runServices(making, resolution);
  },
  accept: () => {},
});
