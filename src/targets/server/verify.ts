import type { Request } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { unitLog } from '../../ops/systemctl.js';
import { firstPage, visitorSteps } from '../visitor.js';
import { stateFiles } from './layout.js';
import type { ServerHost, ServerRelease } from './options.js';
import { serviceName } from './units.js';

export { ANY_BUT_BROKEN } from '../visitor.js';

/** Over HTTPS on the host itself. The certificate is trusted because it is the one that is installed there. */
const secure = ({ options, domains }: ServerRelease): Request['to'] => ({
  port: 443,
  tls: { ca: stateFiles(options.layout).certificate, name: domains[0] ?? 'localhost' },
});

/** The first page, as a browser asks for it. */
export const pageRequest = (release: ServerRelease): Request =>
  firstPage({ to: secure(release), name: release.domains[0] ?? 'localhost' });

/** What a visitor gets of a host that has an edge. @param pageMayFail pages are looked at, and may answer that they have failed */
export function verifySteps(release: ServerRelease, host: ServerHost, pageMayFail: boolean): Step[] {
  if (!host.roles.includes('web')) return [];
  const { options, version } = release;
  const name = release.domains[0] ?? 'localhost';
  const visited = {
    host: host.name,
    to: secure(release),
    name,
    plainHost: name,
    httpPort: 80,
    location: name.replaceAll('.', '\\.'),
    remembered: options.hstsSeconds > 0,
    server: { headers: { server: '^[^0-9]*$' } },
    socket: `${stateFiles(options.layout).live}/web.sock`,
    log: [unitLog(serviceName(options, 'web', version))],
    told: `The new release answers on ${host.name}`,
  };
  return visitorSteps(release, visited, pageMayFail);
}
