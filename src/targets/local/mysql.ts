import type { Arg } from '../../core/command.js';
import type { Json, Step } from '../../core/plan.js';
import {
  ensureMysqlDatabase,
  initializeMysql,
  MYSQL_STOP_SIGNAL,
  type Mysql,
  type MysqlPlace,
  mysqlProcess,
  mysqlReady,
} from '../../ops/mysql.js';
import { ownedFolder } from '../../ops/service-programs.js';
import { type Layout, sockets, stateFiles } from './layout.js';
import type { Installed } from './paths.js';
import { serviceProgram } from './service-program.js';
import { applyGroups } from './supervision.js';

export interface LocalMysql {
  readonly layout: Layout;
  readonly found: Mysql;
  /** Folder of everything of the server's; reachable by `user`. */
  readonly folder: string;
  /** Whom the server runs as, where Slipway is root. */
  readonly user?: string;
  /** The user Slipway runs as. */
  readonly me: string;
  readonly memory: number;
  readonly role: string;
  /** Letters and digits. */
  readonly password: Arg;
  /** The app's database first. */
  readonly databases: readonly string[];
}

export const MYSQL_GROUP = 'mysql';

export const mysqlSocket = (layout: Layout): string => `${sockets(layout).mysql}/m.sock`;

const placeOf = ({ found, folder, layout, user, me }: LocalMysql): MysqlPlace => ({
  ...found,
  data: `${folder}/data`,
  socket: mysqlSocket(layout),
  runsAs: user ?? me,
  ...(user === undefined ? {} : { user }),
});

/** A MySQL or MariaDB of the app's own, on a socket only: made, running, with its databases. */
export function mysqlSteps(wish: LocalMysql, installed: Installed): Step[] {
  const { folder, layout, user } = wish;
  const place = placeOf(wish);
  const launch = `${stateFiles(layout).launch}/mysql.json`;
  const log = `${stateFiles(layout).logs}/mysql.log`;
  const definition = mysqlProcess(place, wish.memory);
  const process: Json = { ...definition, env: { ...definition.env, SLIPWAY_STATE: layout.state } };
  const step = (id: string, title: string, action: Step['action']): Step => ({
    id: `mysql.${id}`,
    title,
    stage: 'prepare',
    host: 'local',
    lane: 'mysql',
    action,
  });
  const owned = (id: string, title: string, path: string): Step =>
    step(id, title, { kind: 'run', command: ownedFolder(path, user), check: { exists: path } });
  return [
    owned('folder', 'folder of MySQL', folder),
    owned('socket', 'folder of its socket', sockets(layout).mysql),
    ...initializeMysql(place).map((command, index) =>
      step(`init.${index}`, 'new MySQL data', { kind: 'run', command, check: { exists: place.data } }),
    ),
    step('launch', 'how MySQL starts', { kind: 'file', path: launch, content: { json: process }, mode: 0o600 }),
    step('program', 'MySQL process', {
      kind: 'file',
      path: `${stateFiles(layout).programs}/${MYSQL_GROUP}.conf`,
      content: serviceProgram(MYSQL_GROUP, launch, log, MYSQL_STOP_SIGNAL, installed),
    }),
    { ...applyGroups(layout, installed, 'prepare', 'mysql.start', 'MySQL', MYSQL_GROUP), lane: 'mysql' },
    step('ready', 'MySQL answers', { kind: 'wait', until: { command: mysqlReady(place) }, timeoutSeconds: 90, log: [log] }),
    ...wish.databases.map((database) =>
      step(`database.${database}`, `database ${database}`, {
        kind: 'run',
        command: ensureMysqlDatabase(place, { role: wish.role, database, password: wish.password }),
      }),
    ),
  ];
}
