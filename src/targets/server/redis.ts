import type { Arg, Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { redisReady } from '../../ops/redis.js';
import { redisConf } from '../../templates/redis-conf.js';
import { unitName } from '../../templates/systemd-quote.js';
import { oursStep, packageStep } from './base.js';
import type { ServerHost } from './options.js';
import { stepsOn } from './step.js';

export interface ServerRedis {
  readonly product: 'redis' | 'valkey';
  /** As it is, or will be, installed: 7.0, 8.1. */
  readonly version: string;
  /** The app's key: its instance is called by that. */
  readonly key: string;
  /** On 127.0.0.1; its own among the host's. */
  readonly port: number;
  /** Absent where the project cannot be told one. */
  readonly password?: { readonly value: Arg; readonly sha256: string };
  readonly use: 'cache' | 'broker' | 'both';
  /** Bytes the host has. */
  readonly memory: number;
}

/** Names of Debian's for an instance: https://sources.debian.org/src/redis/latest/debian/redis-server@.service/ */
export const redisInstance = ({ product, key }: Pick<ServerRedis, 'product' | 'key'>) => ({
  package: `${product}-server`,
  unit: unitName(`${product}-server@${key}.service`),
  /** The one that is there by itself, without a password. */
  spare: `${product}-server.service`,
  config: `/etc/${product}/${product}-${key}.conf`,
  data: `/var/lib/${product}/${key}`,
  socket: `/run/${product}-${key}/${product}.sock`,
});

/** Same while the unit runs, starts with the machine, and was started after the files that it reads were written. */
export const RUNS_WITH = `unit="$1"; shift
systemctl -q is-active -- "$unit" && systemctl -q is-enabled -- "$unit" 2>/dev/null || exit 1
started="$(date -d "$(systemctl show -p ExecMainStartTimestamp --value -- "$unit")" +%s)"
for file; do [ "$(stat -c %Y "$file")" -le "$started" ] || exit 1; done`;

/** A Redis or Valkey of the app's own: an instance of the system's package, confined as Debian has it. Other instances are left alone. */
export function redisSteps(wish: ServerRedis, host: ServerHost): Step[] {
  const { product, port, password } = wish;
  const at = redisInstance(wish);
  const mark = `/etc/slipway/${product}`;
  const step = stepsOn(host.name, 'prepare', 'redis');
  const config = redisConf({
    version: wish.version,
    data: at.data,
    socket: at.socket,
    port,
    use: wish.use,
    memory: wish.memory,
    ...(password === undefined ? {} : { passwordHash: password.sha256 }),
  });
  const check = (script: string, ...words: string[]): { command: Command } => ({
    command: { argv: ['sh', '-uc', script, 'sh', ...words], timeoutSeconds: 30 },
  });
  return [
    { ...oursStep(host, 'redis.ours', mark, [`/usr/bin/${product}-server`]), lane: 'redis' },
    { ...packageStep(host, 'redis.packages', [at.package]), lane: 'redis' },
    step('redis.spare', 'no instance without a password', {
      kind: 'run',
      command: {
        argv: ['sh', '-euc', 'if [ -e "$2" ]; then systemctl disable -q --now -- "$1"; fi', 'sh', at.spare, mark],
        timeoutSeconds: 60,
      },
      check: check('[ ! -e "$2" ] || ! systemctl -q is-active -- "$1"', at.spare, mark),
    }),
    step('redis.data', 'folder of its data', {
      kind: 'run',
      command: { argv: ['install', '-d', '-o', product, '-g', product, '-m', '0750', '--', at.data] },
      check: { exists: at.data },
    }),
    // It holds no password, only what one is recognised by.
    step('redis.config', 'its configuration', { kind: 'file', path: at.config, content: config, mode: 0o644 }),
    step('redis.start', `${product === 'valkey' ? 'Valkey' : 'Redis'} runs`, {
      kind: 'run',
      command: {
        argv: ['sh', '-euc', 'systemctl enable -q -- "$1"; systemctl restart -- "$1"', 'sh', at.unit],
        timeoutSeconds: 120,
      },
      check: check(RUNS_WITH, at.unit, at.config),
    }),
    step('redis.ready', 'it answers', {
      kind: 'wait',
      until: { command: redisReady(host.python, `${host.package}/slipway_tools/redis_ping.py`, port, password?.value) },
      timeoutSeconds: 60,
      log: [{ argv: ['journalctl', '-q', '--no-pager', '-o', 'cat', '-n', '50', '-u', at.unit] }],
    }),
  ];
}

/** Takes the app's instance away, with its data. */
export const removeRedis = (wish: Pick<ServerRedis, 'product' | 'key'>, host: ServerHost): Step[] => {
  const at = redisInstance(wish);
  const step = stepsOn(host.name, 'clean');
  return [
    step('remove.redis', 'its Redis', {
      kind: 'run',
      command: {
        argv: ['sh', '-uc', 'systemctl disable -q --now -- "$1" 2>/dev/null || ! systemctl -q is-active -- "$1"', 'sh', at.unit],
        timeoutSeconds: 120,
      },
    }),
    step('remove.redis-config', 'configuration of Redis', { kind: 'remove', path: at.config }),
    step('remove.redis-data', 'data of Redis', { kind: 'remove', path: at.data }),
  ];
};
