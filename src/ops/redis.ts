import type { Arg, Command } from '../core/command.js';
import { Failure } from '../core/failure.js';
import type { ProcessDefinition } from '../core/process-definition.js';
import { type FoundPrograms, findPrograms, majorOf, versionIn } from './service-programs.js';

export const REDIS_STOP_SIGNAL = 'TERM';

export interface Redis {
  readonly program: string;
  readonly version: string;
  readonly product: 'redis' | 'valkey';
}

/** @param embedded the embedded package's valkey-server, where there is one */
export const findRedis = (embedded?: string): Command =>
  findPrograms(
    [
      '"$(command -v valkey-server || echo /usr/bin/valkey-server)"',
      '"$(command -v redis-server || echo /usr/bin/redis-server)"',
      '/usr/local/bin/redis-server',
      '/usr/sbin/redis-server',
    ],
    ['valkey', 'redis'],
    embedded === undefined ? [] : [embedded],
  );

const OLDEST = 6;

/** The system's own before an embedded one (given first by `findRedis`), the newest of several. @throws Failure REDIS_MISSING */
export function chooseRedis({ programs }: FoundPrograms, embedded?: string): Redis {
  const all = programs.flatMap(({ path, version: said }): Redis[] => {
    const version = versionIn(said);
    if (version === undefined || majorOf(version) < OLDEST) return [];
    return [{ program: path, version, product: /valkey/i.test(said) ? 'valkey' : 'redis' }];
  });
  const own = all.filter(({ program }) => program !== embedded);
  const [best] = (own.length > 0 ? own : all).sort((a, b) => majorOf(b.version) - majorOf(a.version));
  if (best !== undefined) return best;
  throw new Failure(
    'REDIS_MISSING',
    'environment',
    `The project needs Redis ${OLDEST} or newer, or Valkey, and there is none on this machine`,
    {
      hint: 'apt-get install -y redis-server',
    },
  );
}

export interface RedisPlace {
  readonly program: string;
  /** Made for the server's user by `ownedFolder`. */
  readonly data: string;
  /** Made by `templates/redis-conf`. */
  readonly config: string;
  /** The user the server runs as, where that is not Slipway's own. */
  readonly user?: string;
}

export function redisProcess({ program, data, config, user }: RedisPlace): ProcessDefinition {
  return {
    argv: [program, config],
    cwd: data,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' },
    umask: 0o077,
    descriptors: 10032,
    ...(user === undefined ? {} : { user }),
  };
}

/**
 * Exit 0 when it has its data loaded and answers, 1 while it loads or refuses, 2 when nothing answers.
 * @param tool absolute path of redis_ping.py; @param python any: it needs no packages
 */
export const redisReady = (python: string, tool: string, port: number, password?: Arg): Command => ({
  argv: [python, '-I', '-S', tool, String(port)],
  ...(password === undefined ? {} : { env: { SLIPWAY_REDIS_PASSWORD: password } }),
  timeoutSeconds: 10,
});

/** Without a path, a client adds its own database's number: `/0`. Celery, channels_redis, django-redis, redis-py and django-environ all take this form. */
export const redisUrl = (port: number, password?: string, database?: number): string => {
  const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return `redis://${user}127.0.0.1:${port}${database === undefined ? '' : `/${database}`}`;
};
