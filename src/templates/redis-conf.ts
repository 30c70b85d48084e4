import { Failure } from '../core/failure.js';

export interface RedisConfArgs {
  readonly version: string;
  readonly data: string;
  /** At most 107 bytes. */
  readonly socket: string;
  /** On 127.0.0.1. */
  readonly port: number;
  /** sha256, 64 hexadecimal digits, of a password with at least 128 bits of chance; absent: none is asked for. See docs/decisions/0004-redis-address.md */
  readonly passwordHash?: string;
  /** `cache`: what was not used goes when memory is full. `broker`: nothing ever goes. `both`: only what has an end of its own. */
  readonly use: 'cache' | 'broker' | 'both';
  /** Bytes the machine has. */
  readonly memory: number;
}

const MB = 1024 * 1024;
const POLICY = { cache: 'allkeys-lru', broker: 'noeviction', both: 'volatile-lru' } as const;

/** https://redis.io/docs/latest/operate/oss_and_stack/management/config/ @throws Failure UNSAFE_VALUE for what is no sha256 */
export function redisConf(args: RedisConfArgs): string {
  const most = Math.floor(Math.min(2048 * MB, Math.max(64 * MB, args.memory / 8)));
  const lines: readonly (readonly string[])[] = [
    ['bind', '127.0.0.1'],
    ['port', String(args.port)],
    ['unixsocket', args.socket],
    ['unixsocketperm', '700'],
    ['protected-mode', 'yes'],
    ...access(args),
    ['daemonize', 'no'],
    ['supervised', 'no'],
    ['logfile', ''],
    ['loglevel', 'notice'],
    ['dir', args.data],
    ['databases', '16'],
    ['tcp-keepalive', '60'],
    ['maxclients', '10000'],
    ['maxmemory', String(most)],
    ['maxmemory-policy', POLICY[args.use]],
    ['appendonly', args.use === 'cache' ? 'no' : 'yes'],
    ['appendfsync', 'everysec'],
    ['save', '900', '1', '300', '100'],
  ];
  return lines.map((words) => `${words.map(redisWord).join(' ')}\n`).join('');
}

/** ACL rules: https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/. Channels came with 6.2. */
function access({ passwordHash, version }: RedisConfArgs): string[][] {
  if (passwordHash === undefined) return [];
  if (!/^[0-9a-f]{64}$/.test(passwordHash))
    throw new Failure('UNSAFE_VALUE', 'bug', 'A password for Redis must come as its sha256');
  const [major, minor] = version.split('.').map(Number);
  const channels = (major ?? 0) > 6 || (minor ?? 0) >= 2 ? ['&*'] : [];
  return [['user', 'default', 'on', `#${passwordHash}`, '~*', ...channels, '+@all']];
}

/** The one escaper for words of redis.conf, which are read by `sdssplitargs`: https://github.com/redis/redis/blob/7.0.15/src/sds.c */
export function redisWord(text: string): string {
  if (/^[\w./:@&*~+#-]+$/.test(text) && !text.startsWith('#')) return text;
  const inner = [...new TextEncoder().encode(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\') return `\\${character}`;
    return byte >= 0x20 && byte < 0x7f ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${inner.join('')}"`;
}
