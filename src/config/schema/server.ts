import { z } from 'zod';
import { matching } from './text.js';
import { arg, command, path } from './values.js';

export const ROLES = ['web', 'worker', 'beat', 'database'] as const;

/** Never begins with a dash: `ssh` would take it for an option. */
const address = matching(
  /^(?:[A-Za-z_][\w.-]*@)?(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[1-9]\d{0,4})?$/,
  'must be the address of a machine: user@name, user@203.0.113.10, user@name:2222',
);

/** As the other hosts see it: an address, for it is listened on and let in by it. */
const privateAddress = matching(
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)$/,
  'must be an IP address of the machine: 10.0.0.12',
);

const host = z.strictObject({
  address: address.meta({ description: 'User, name or IP address, and port, as for `ssh`.', examples: ['deploy@203.0.113.10'] }),
  roles: z.exactOptional(
    z
      .array(z.enum(ROLES))
      .min(1)
      .meta({
        description: 'What runs there. Default: everything; of several machines the first has the database and what runs once.',
        examples: [['web', 'worker']],
      }),
  ),
  private_address: z.exactOptional(
    privateAddress.meta({
      description: 'IP address by which the other hosts of the environment reach it, where it is another one than for `ssh`.',
      examples: ['10.0.0.12'],
    }),
  ),
});

export const hosts = z
  .array(z.union([address, host]))
  .min(1)
  .meta({
    description: 'The machines.',
    examples: [['deploy@203.0.113.7'], [{ address: 'deploy@203.0.113.10', roles: ['web', 'worker', 'beat', 'database'] }]],
  });

export const domains = z
  .array(
    matching(
      /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/,
      'must be a host name in lower case, without scheme, port or path; one with other letters in its ASCII form (xn--…)',
    ),
  )
  .min(1)
  .meta({ description: 'Names the app answers to, the canonical one first.', examples: [['shop.example', 'www.shop.example']] });

const certificates = z
  .strictObject({
    acme: z.exactOptional(
      matching(/^https:\/\/[^\s]+$/, 'must be an https URL').meta({
        description: 'Directory URL of the certificate authority. Default: Let’s Encrypt.',
        examples: ['https://acme.example/directory'],
      }),
    ),
    email: z.exactOptional(
      matching(/^[^\s@]+@[^\s@]+$/, 'must be an e-mail address').meta({
        description: 'Where the authority may write to.',
        examples: ['ops@shop.example'],
      }),
    ),
    ca: z.exactOptional(
      path.meta({ description: 'CA certificate of the authority’s own server, PEM.', examples: ['acme-ca.pem'] }),
    ),
    staging: z.exactOptional(
      z.boolean().meta({
        description: 'Certificates of Let’s Encrypt’s staging authority: for trying, trusted by nobody, without its low limits.',
        examples: [true],
      }),
    ),
    dns_hook: z.exactOptional(
      path.meta({
        description:
          'A program that proves names by DNS instead of port 80. It runs on the server as root, with `auth` to publish the TXT record `_acme-challenge.$CERTBOT_DOMAIN` with `$CERTBOT_VALIDATION` and with `cleanup` to take it away.',
        examples: ['deploy/dns-hook.sh'],
      }),
    ),
    certificate: z.exactOptional(
      path.meta({ description: 'A certificate chain of your own, PEM; with `key`.', examples: ['deploy/shop.example.pem'] }),
    ),
    key: z.exactOptional(
      path.meta({ description: 'Its private key, PEM; readable by you alone.', examples: ['deploy/shop.example.key'] }),
    ),
  })
  .superRefine(({ acme, email, ca, staging, dns_hook, certificate, key }, context) => {
    if ((certificate === undefined) !== (key === undefined)) {
      const lacking = key === undefined ? 'key' : 'certificate';
      context.addIssue({
        code: 'custom',
        message: `has no ${lacking}`,
        params: { code: 'CONFIG_MISSING', hint: `${lacking}: PATH` },
      });
    } else if (certificate !== undefined && (acme ?? email ?? ca ?? staging ?? dns_hook) !== undefined) {
      context.addIssue({
        code: 'custom',
        message: 'names both an authority and a certificate of your own',
        params: { hint: 'keep acme, email and ca, or certificate and key' },
      });
    } else if (staging !== undefined && acme !== undefined) {
      context.addIssue({
        code: 'custom',
        message: 'names an authority, and the staging one of Let’s Encrypt',
        params: { hint: 'keep acme or staging' },
      });
    }
  });

export const tls = z.union([certificates, z.literal('external')]).meta({
  description:
    'Where the certificate comes from: an ACME authority, files of your own, or `external` where TLS ends before the edge (a load balancer).',
  examples: [
    { acme: 'https://acme.example/directory', email: 'ops@shop.example', ca: 'acme-ca.pem' },
    { certificate: 'deploy/shop.example.pem', key: 'deploy/shop.example.key' },
    'external',
  ],
});

export const trustedProxies = z
  .array(
    matching(
      /^(?:\d{1,3}(?:\.\d{1,3}){3}(?:\/(?:[0-9]|[12]\d|3[0-2]))?|(?=[^/]*:)[0-9a-fA-F:.]{2,}(?:\/\d{1,3})?)$/,
      'must be an IP address or a network: 203.0.113.0/24, 2001:db8::/32',
    ),
  )
  .min(1)
  .meta({
    description:
      'Load balancers and the like before the edge: they alone are believed who the client is and, with `tls: external`, served at all. Default with `tls: external`: the private networks.',
    examples: [['203.0.113.0/24', '2001:db8::/32']],
  });

export const database = z
  .strictObject({
    url: arg.meta({
      description: 'Its URL, best as a secret: `postgres://user:password@host:5432/name`.',
      examples: [{ secret: 'DATABASE_URL' }],
    }),
  })
  .meta({
    description: 'A database of your own. Absent: Slipway runs the one the project needs.',
    examples: [{ url: { secret: 'DATABASE_URL' } }],
  });

export const secretPlace = z
  .strictObject({
    file: z.exactOptional(
      path.meta({ description: 'A file of `NAME=value` lines, encrypted with age.', examples: ['deploy/production.env.age'] }),
    ),
    identity: z.exactOptional(
      path.meta({
        description: 'The file of the key that opens it, as `age-keygen` writes it.',
        examples: ['~/.config/slipway/age.key'],
      }),
    ),
    recipients: z.exactOptional(
      z
        .array(matching(/^age1[a-z0-9]+$/, 'must be a recipient of age: age1…'))
        .min(1)
        .meta({
          description: 'Whom `secrets set` encrypts it for. Default: the identity alone.',
          examples: [['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p']],
        }),
    ),
    command: z.exactOptional(
      command.meta({
        description: 'A command that prints one secret; `{name}` stands for its name, which else comes last.',
        examples: ['pass show shop/{name}'],
      }),
    ),
  })
  .superRefine(({ file, identity, command: asked }, context) => {
    const lacking =
      file === undefined ? (identity === undefined ? undefined : 'file') : identity === undefined ? 'identity' : undefined;
    if (asked !== undefined && (file ?? identity) !== undefined)
      context.addIssue({
        code: 'custom',
        message: 'names both a file and a command',
        params: { hint: 'keep file and identity, or command' },
      });
    else if (lacking !== undefined)
      context.addIssue({
        code: 'custom',
        message: `has no ${lacking}`,
        params: { code: 'CONFIG_MISSING', hint: `${lacking}: PATH` },
      });
  })
  .meta({
    description: 'Where the values behind `{secret: NAME}` are, if not kept on the hosts by `slipway secrets set`.',
    examples: [
      { file: 'deploy/production.env.age', identity: '~/.config/slipway/age.key' },
      { command: 'pass show shop/{name}' },
    ],
  });

const part = (description: string) => z.exactOptional(z.boolean().meta({ description, examples: [true] }));

export const provision = z
  .strictObject({
    firewall: part('Closes every port but those of SSH, HTTP and HTTPS. Default: true.'),
    updates: part('Automatic security updates. Default: true.'),
    ssh_hardening: part('Logs in by key alone, with current ciphers. Default: true.'),
    time: part('Keeps the clock by the network, where nothing else does. Default: true.'),
    swap: part('A swap file, where there is less than 2 GB of memory and no swap. Default: true.'),
    logs: part('The journal outlives a restart, and takes 1 GB and three months at most. Default: true.'),
  })
  .meta({
    description: 'What Slipway sets up on a machine beside the app; each part can be declined with `false`.',
    examples: [{ firewall: true, updates: true, ssh_hardening: true }],
  });

export const rollout = z
  .strictObject({
    batch: z.exactOptional(
      z
        .int()
        .min(1)
        .max(1000)
        .meta({ description: 'How many machines are switched at a time. Default: 1.', examples: [1] }),
    ),
    watch_seconds: z.exactOptional(
      z
        .int()
        .min(0)
        .max(86_400)
        .meta({
          description:
            'How long errors are watched for after a switch, before it counts; when they rise, the release before is live again. Default: 5.',
          examples: [30],
        }),
    ),
  })
  .meta({ description: 'How a release spreads over the machines.', examples: [{ batch: 1, watch_seconds: 30 }] });
