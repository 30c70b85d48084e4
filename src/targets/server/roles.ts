import { Failure } from '../../core/failure.js';
import type { Role } from './options.js';

/** One machine of an environment, as slipway.yml names it. */
export interface NamedHost {
  readonly address: string;
  readonly roles?: readonly Role[];
  /** Where the others reach it. */
  readonly privateAddress?: string;
}

export type PlacedHost = NamedHost & { readonly roles: readonly Role[] };

const ALL: readonly Role[] = ['web', 'worker', 'beat', 'database'];

/** Of these there is one in an environment: a second scheduler runs every job twice, and a second database holds other data. */
const ONCE: readonly Role[] = ['beat', 'database'];

/**
 * What runs where. A machine without roles takes them all, except what another one is named for and what there can be only one of: the first
 * such machine gets that.
 * @throws Failure ROLE_TWICE, HOST_TWICE (config)
 */
export function assignRoles(
  hosts: readonly NamedHost[],
): readonly { readonly address: string; readonly roles: readonly Role[] }[] {
  const twice = hosts.find(({ address }, index) => hosts.findIndex((other) => other.address === address) !== index);
  if (twice !== undefined)
    throw new Failure('HOST_TWICE', 'config', `${twice.address} is named twice`, {
      hint: `hosts: [{address: ${twice.address}, roles: [web, worker]}]   # one entry with all its roles`,
    });
  const taken = new Set<Role>();
  for (const role of ONCE) {
    const named = hosts.filter(({ roles }) => roles?.includes(role));
    if (named.length > 1)
      throw new Failure(
        'ROLE_TWICE',
        'config',
        `${named.map(({ address }) => address).join(' and ')} both have the role ${role}`,
        {
          hint: `name one host for it: {address: ${named[0]?.address}, roles: [${named[0]?.roles?.join(', ')}]}`,
        },
      );
    if (named.length > 0) taken.add(role);
  }
  return hosts.map((host) => {
    const { roles } = host;
    const own = roles ?? ALL.filter((role) => !taken.has(role));
    for (const role of ONCE) if (own.includes(role)) taken.add(role);
    return { ...host, roles: [...new Set(own)] };
  });
}
