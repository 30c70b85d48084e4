import type { Request } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import type { Release } from '../../core/release.js';
import { firstPage, type Visited, visitorSteps } from '../visitor.js';
import { authorityCertificate, stateFiles } from './layout.js';
import type { LocalOptions } from './options.js';

export { ANY_BUT_BROKEN } from '../visitor.js';

/** On this machine, by the port of the app's own edge and the authority of Slipway's home. */
function visitedAt({ domains, options }: Release<LocalOptions>): Visited {
  const name = domains[0] ?? 'localhost';
  return {
    host: 'local',
    to: { port: options.httpsPort, tls: { ca: authorityCertificate(options.layout.home), name } },
    name: `${name}:${options.httpsPort}`,
    plainHost: `${name}:${options.httpPort}`,
    httpPort: options.httpPort,
    location: `${name.replaceAll('.', '\\.')}(:${options.httpsPort})?`,
    remembered: true,
    server: {},
    socket: `${options.layout.run}/live/web.sock`,
    log: [`${stateFiles(options.layout).logs}/web.log`],
    told: 'The new release answers',
  };
}

/** What a visitor gets of this machine. @param pageMayFail pages are looked at, and may answer that they have failed */
export const verifySteps = (release: Release<LocalOptions>, pageMayFail: boolean): Step[] =>
  visitorSteps(release, visitedAt(release), pageMayFail);

/** The first page, as a browser asks for it. */
export const pageRequest = (release: Release<LocalOptions>): Request => firstPage(visitedAt(release));
