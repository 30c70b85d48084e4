import { z } from 'zod';
import { general } from './general.js';
import { database, domains, hosts, provision, rollout, secretPlace, tls, trustedProxies } from './server.js';
import { matching } from './text.js';
import { path } from './values.js';

export const TARGETS = ['local', 'server'] as const;

const environmentName = matching(
  /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
  'is no name of an environment: lower-case letters, digits and dashes',
);

const environment = z.strictObject({
  target: z.exactOptional(
    z
      .enum(TARGETS)
      .meta({ description: 'The kind of place. The environment `local` is always this machine.', examples: ['server'] }),
  ),
  hosts: z.exactOptional(hosts),
  ssh_config: z.exactOptional(
    path.meta({ description: 'Configuration file of OpenSSH. Absent: your own.', examples: ['deploy/ssh_config'] }),
  ),
  domains: z.exactOptional(domains),
  edge: z.exactOptional(
    z.enum(['nginx', 'apache']).meta({ description: 'The front server. Default: nginx.', examples: ['apache'] }),
  ),
  tls: z.exactOptional(tls),
  trusted_proxies: z.exactOptional(trustedProxies),
  database: z.exactOptional(database),
  provision: z.exactOptional(provision),
  secrets: z.exactOptional(secretPlace),
  rollout: z.exactOptional(rollout),
  ...general,
});

export const environments = z
  .record(environmentName, environment)
  .superRefine((all, context) => {
    for (const [name, one] of Object.entries(all)) {
      const need = unmet(name, one);
      if (need !== undefined)
        context.addIssue({
          code: 'custom',
          path: [name, ...need.at],
          message: need.message,
          params: { code: need.code, hint: need.hint },
        });
    }
  })
  .meta({
    description:
      'The places the app runs in, by name. Each takes every general key too: its own value wins, maps are merged, lists are replaced.',
    examples: [
      { production: { target: 'server', hosts: ['deploy@203.0.113.10'], domains: ['shop.example'], env: { SHOP_MODE: 'live' } } },
    ],
  });

type Need = { readonly at: readonly string[]; readonly code: string; readonly message: string; readonly hint: string };

function unmet(name: string, { target, hosts: machines }: z.infer<typeof environment>): Need | undefined {
  if (name === 'local') {
    if (target === undefined || target === 'local') return undefined;
    return {
      at: ['target'],
      code: 'CONFIG_VALUE',
      message: 'must be local: the environment `local` is always this machine',
      hint: `give the environment another name: ${target}`,
    };
  }
  if (target === undefined)
    return {
      at: [],
      code: 'CONFIG_MISSING',
      message: 'has no target',
      hint: `target: ${machines === undefined ? TARGETS.join(' | ') : 'server'}`,
    };
  if (target === 'server' && machines === undefined)
    return { at: [], code: 'CONFIG_MISSING', message: 'has no hosts', hint: 'hosts: [user@address]' };
  return undefined;
}
