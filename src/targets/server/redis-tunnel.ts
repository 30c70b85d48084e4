import type { Arg } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { redisReady } from '../../ops/redis.js';
import { stunnelConf } from '../../templates/stunnel-conf.js';
import { execLine, lineValue, unitName } from '../../templates/systemd-quote.js';
import { unitFile } from '../../templates/systemd-unit.js';
import { packageStep } from './base.js';
import { serverFiles } from './layout.js';
import type { ServerHost, ServerOptions } from './options.js';
import { RUNS_WITH } from './redis.js';
import { stepsOn } from './step.js';
import { UNIT_FOLDER } from './units.js';

/**
 * The way to a Redis on another host: on either host a small process that speaks TLS with the other. The app has its Redis on the loopback, as
 * it has where it is alone, whatever its libraries know of TLS.
 */
export interface RedisTunnel {
  readonly options: Pick<ServerOptions, 'layout' | 'key'>;
  /** Of the host with Redis. */
  readonly address: string;
  /** The same on every host: Redis's own on its host. */
  readonly port: number;
  /** Who is let in. */
  readonly clients: readonly string[];
  /** Name and key of the tunnel: `shop:0123…`. */
  readonly secret: Arg;
  /** Redis's. */
  readonly password?: Arg;
}

export const TUNNEL_PACKAGES: readonly string[] = ['stunnel4'];

export const tunnelConfig = (key: string): string => `/etc/slipway/${key}-redis-tunnel.conf`;

const nameOf = ({ options }: RedisTunnel): string => `${options.key}-redis-tunnel`;

/** The end on the host with Redis. Only the app's hosts are answered. */
export const tunnelServerSteps = (wish: RedisTunnel, host: ServerHost): Step[] => [
  ...tunnelSteps(
    wish,
    host,
    { side: 'server', accept: at(wish.address, wish.port), connect: at('127.0.0.1', wish.port) },
    wish.clients,
  ),
];

/** The end on a host of the app, up to an answer of Redis through it. */
export const tunnelClientSteps = (wish: RedisTunnel, host: ServerHost): Step[] => [
  ...tunnelSteps(wish, host, { side: 'client', accept: at('127.0.0.1', wish.port), connect: at(wish.address, wish.port) }, [
    wish.address,
  ]),
  stepsOn(host.name, 'prepare', 'redis')('redis.reached', 'Redis answers through it', {
    kind: 'wait',
    until: { command: redisReady(host.python, `${host.package}/slipway_tools/redis_ping.py`, wish.port, wish.password) },
    timeoutSeconds: 30,
    log: [{ argv: ['journalctl', '-q', '--no-pager', '-o', 'cat', '-n', '20', '-u', `${nameOf(wish)}.service`] }],
  }),
];

const at = (address: string, port: number): string => `${address.includes(':') ? `[${address}]` : address}:${port}`;

interface Ends {
  readonly side: 'server' | 'client';
  readonly accept: string;
  readonly connect: string;
}

function tunnelSteps(wish: RedisTunnel, host: ServerHost, ends: Ends, partners: readonly string[]): Step[] {
  const step = stepsOn(host.name, 'prepare', 'redis');
  const name = nameOf(wish);
  const unit = unitName(`${name}.service`);
  const config = tunnelConfig(wish.options.key);
  const secret = `${serverFiles(wish.options.layout).secrets}/redis.tunnel`;
  const credential = `/run/credentials/${unit}/psk`;
  return [
    { ...packageStep(host, 'redis.tunnel-packages', TUNNEL_PACKAGES), lane: 'redis' },
    step('redis.tunnel-secret', 'key of the way to Redis', {
      kind: 'file',
      path: secret,
      content: typeof wish.secret === 'string' ? wish.secret : { secret: wish.secret.secret },
      mode: 0o600,
    }),
    step('redis.tunnel-config', 'the way to Redis', {
      kind: 'file',
      path: config,
      content: stunnelConf({ ...ends, secret: credential }),
      mode: 0o644,
    }),
    step('redis.tunnel-unit', unit, {
      kind: 'file',
      path: `${UNIT_FOLDER}/${unit}`,
      content: tunnelUnit(name, config, secret, partners),
      mode: 0o644,
    }),
    step('redis.tunnel-start', 'the way to Redis is open', {
      kind: 'run',
      command: {
        argv: ['sh', '-euc', 'systemctl daemon-reload; systemctl enable -q -- "$1"; systemctl restart -- "$1"', 'sh', unit],
        timeoutSeconds: 60,
      },
      check: {
        command: {
          argv: ['sh', '-uc', RUNS_WITH, 'sh', unit, config, secret, `${UNIT_FOLDER}/${unit}`],
          timeoutSeconds: 30,
        },
      },
    }),
  ];
}

const tunnelUnit = (name: string, config: string, secret: string, partners: readonly string[]): string =>
  unitFile({
    unit: [
      ['Description', lineValue(`${name}: TLS between the app and its Redis`)],
      ['After', 'network-online.target'],
      ['Wants', 'network-online.target'],
      ['StartLimitIntervalSec', '0'],
    ],
    kind: {
      name: 'Service',
      lines: [
        ['ExecStart', execLine(['/usr/bin/stunnel', config])],
        ['Restart', 'always'],
        ['RestartSec', '1'],
        ['DynamicUser', 'yes'],
        ['LoadCredential', lineValue(`psk:${secret}`)],
        ['UMask', '0077'],
        ['NoNewPrivileges', 'yes'],
        ['CapabilityBoundingSet', ''],
        ['ProtectHome', 'yes'],
        ['ProtectSystem', 'strict'],
        ['ProtectProc', 'invisible'],
        ['ProcSubset', 'pid'],
        ['ProtectClock', 'yes'],
        ['ProtectHostname', 'yes'],
        ['ProtectKernelLogs', 'yes'],
        ['ProtectKernelModules', 'yes'],
        ['ProtectKernelTunables', 'yes'],
        ['ProtectControlGroups', 'yes'],
        ['PrivateDevices', 'yes'],
        ['RestrictNamespaces', 'yes'],
        ['RestrictRealtime', 'yes'],
        ['RestrictAddressFamilies', 'AF_INET AF_INET6'],
        ['LockPersonality', 'yes'],
        ['MemoryDenyWriteExecute', 'yes'],
        ['SystemCallArchitectures', 'native'],
        ['SystemCallFilter', '@system-service'],
        ['SystemCallFilter', '~@privileged @resources'],
        ['SystemCallErrorNumber', 'EPERM'],
        ['IPAddressDeny', 'any'],
        ['IPAddressAllow', `localhost ${partners.join(' ')}`],
        ['SyslogIdentifier', name],
      ],
    },
    install: [['WantedBy', 'multi-user.target']],
  });

/** Takes it away from a host. */
export const removeTunnel = ({ layout, key }: RedisTunnel['options'], host: ServerHost): Step[] => {
  const name = `${key}-redis-tunnel`;
  const step = stepsOn(host.name, 'clean');
  return [
    step('remove.redis-tunnel', 'the way to its Redis', {
      kind: 'run',
      command: {
        argv: [
          ...['sh', '-uc', 'systemctl disable -q --now -- "$1" 2>/dev/null || ! systemctl -q is-active -- "$1"', 'sh'],
          unitName(`${name}.service`),
        ],
        timeoutSeconds: 60,
      },
    }),
    step('remove.redis-tunnel-unit', 'its unit', { kind: 'remove', path: `${UNIT_FOLDER}/${name}.service` }),
    step('remove.redis-tunnel-config', 'its configuration', { kind: 'remove', path: tunnelConfig(key) }),
    step('remove.redis-tunnel-secret', 'its key', { kind: 'remove', path: `${serverFiles(layout).secrets}/redis.tunnel` }),
  ];
};
