import type { Place, ServiceAddresses } from '../config/resolve/input.js';
import { releaseFiles, stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import type { Ports } from './ports.js';

/** Names an app on this machine answers to. */
export const LOCAL_DOMAINS = ['localhost', '127.0.0.1', '::1'] as const;

/** Where the app lives on this machine. @param staticUrl the project's STATIC_URL, once known */
export function localPlace(
  app: App,
  version: string,
  ports: Ports,
  services: ServiceAddresses,
  domains: readonly string[],
  staticUrl = '/static/',
): Place {
  const state = stateFiles(app.at);
  return {
    environment: app.environment,
    target: 'local',
    domains,
    httpsPort: ports.https,
    paths: {
      source: releaseFiles(app.at, version).source,
      data: state.data,
      // Collected files lie at their whole URL path, so that the edge needs no table of folders.
      static: `${releaseFiles(app.at, version).static}/plain${staticUrl.replace(/\/$/, '')}`,
      media: state.media,
      logs: `${state.logs}/app`,
      temp: `${state.data}/incoming`,
    },
    services,
    machine: app.machine,
  };
}
