import type { Arg } from '../../core/command.js';
import type { Json, Step } from '../../core/plan.js';
import { REDIS_STOP_SIGNAL, redisProcess, redisReady } from '../../ops/redis.js';
import { ownedFolder } from '../../ops/service-programs.js';
import { redisConf } from '../../templates/redis-conf.js';
import { type Layout, sockets, stateFiles } from './layout.js';
import type { Installed } from './paths.js';
import { serviceProgram } from './service-program.js';
import { applyGroups } from './supervision.js';

export interface LocalRedis {
  readonly layout: Layout;
  readonly program: string;
  readonly version: string;
  /** Folder of its data; reachable by `user`. */
  readonly folder: string;
  readonly user?: string;
  readonly port: number;
  /** Absent where the project cannot be told one. */
  readonly password?: { readonly value: Arg; readonly sha256: string };
  readonly use: 'cache' | 'broker' | 'both';
  readonly memory: number;
}

export const REDIS_GROUP = 'redis';

/** A Redis of the app's own: made, running, with its data loaded. */
export function redisSteps(wish: LocalRedis, installed: Installed): Step[] {
  const { layout, folder, user, port, password } = wish;
  const config = `${folder}/redis.conf`;
  const launch = `${stateFiles(layout).launch}/redis.json`;
  const log = `${stateFiles(layout).logs}/redis.log`;
  const definition = redisProcess({ program: wish.program, data: folder, config, ...(user === undefined ? {} : { user }) });
  const process: Json = { ...definition, env: { ...definition.env, SLIPWAY_STATE: layout.state } };
  const step = (id: string, title: string, action: Step['action']): Step => ({
    id: `redis.${id}`,
    title,
    stage: 'prepare',
    host: 'local',
    lane: 'redis',
    action,
  });
  const content = redisConf({
    version: wish.version,
    data: folder,
    socket: `${folder}/redis.sock`.length <= 107 ? `${folder}/redis.sock` : sockets(layout).redis,
    port,
    use: wish.use,
    memory: wish.memory,
    ...(password === undefined ? {} : { passwordHash: password.sha256 }),
  });
  return [
    step('folder', 'folder of Redis', { kind: 'run', command: ownedFolder(folder, user), check: { exists: folder } }),
    step('config', 'Redis configuration', { kind: 'file', path: config, content, mode: user === undefined ? 0o600 : 0o644 }),
    step('launch', 'how Redis starts', { kind: 'file', path: launch, content: { json: process }, mode: 0o600 }),
    step('program', 'Redis process', {
      kind: 'file',
      path: `${stateFiles(layout).programs}/${REDIS_GROUP}.conf`,
      content: serviceProgram(REDIS_GROUP, launch, log, REDIS_STOP_SIGNAL, installed),
    }),
    { ...applyGroups(layout, installed, 'prepare', 'redis.start', 'Redis', REDIS_GROUP), lane: 'redis' },
    step('ready', 'Redis answers', {
      kind: 'wait',
      until: { command: redisReady(installed.python, `${installed.tools}/redis_ping.py`, port, password?.value) },
      timeoutSeconds: 60,
      log: [log],
    }),
  ];
}
