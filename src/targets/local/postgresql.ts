import type { Arg } from '../../core/command.js';
import type { Json, Step } from '../../core/plan.js';
import {
  initdbCommands,
  POSTGRES_PORT,
  POSTGRES_STOP_SIGNAL,
  type PostgresPlace,
  postgresProcess,
  postgresReady,
} from '../../ops/postgresql.js';
import { ensureDatabase } from '../../ops/postgresql-database.js';
import { ownedFolder } from '../../ops/service-programs.js';
import { pgHbaConf, pgIdentConf, postgresqlConf } from '../../templates/postgresql-conf.js';
import { type Layout, sockets, stateFiles } from './layout.js';
import type { Installed } from './paths.js';
import { serviceProgram } from './service-program.js';
import { applyGroups } from './supervision.js';

export interface LocalPostgres {
  readonly layout: Layout;
  readonly bin: string;
  /** Folder of everything of the server's; reachable by `user`. */
  readonly folder: string;
  /** Whom the server runs as, where Slipway is root. */
  readonly user?: string;
  /** The user Slipway runs as. */
  readonly me: string;
  readonly utf8: boolean;
  readonly memory: number;
  readonly role: string;
  readonly password: Arg;
  /** The app's database first. */
  readonly databases: readonly { readonly name: string; readonly extensions: readonly string[] }[];
}

export const POSTGRES_GROUP = 'postgresql';

export const postgresPlace = ({
  bin,
  folder,
  layout,
  user,
}: Pick<LocalPostgres, 'bin' | 'folder' | 'layout' | 'user'>): PostgresPlace => ({
  bin,
  data: `${folder}/data`,
  config: `${folder}/postgresql.conf`,
  socketFolder: sockets(layout).postgresql,
  port: POSTGRES_PORT,
  ...(user === undefined ? {} : { user }),
});

/** A PostgreSQL of the app's own, on a socket only: made, running, with its databases. */
export function postgresSteps(wish: LocalPostgres, installed: Installed): Step[] {
  const { folder, layout, user } = wish;
  const place = postgresPlace(wish);
  const readable = user === undefined ? 0o600 : 0o644;
  const step = (id: string, title: string, action: Step['action']): Step => ({
    id: `postgresql.${id}`,
    title,
    stage: 'prepare',
    host: 'local',
    lane: 'postgresql',
    action,
  });
  const launch = `${stateFiles(layout).launch}/postgresql.json`;
  const process: Json = { ...postgresProcess(place), env: { ...postgresProcess(place).env, SLIPWAY_STATE: layout.state } };
  return [
    step('folder', 'folder of PostgreSQL', { kind: 'run', command: ownedFolder(folder, user), check: { exists: folder } }),
    step('socket', 'folder of its socket', {
      kind: 'run',
      command: ownedFolder(place.socketFolder, user, '0711'),
      check: { exists: place.socketFolder },
    }),
    ...initdbCommands(place, wish.utf8).map((command, index) =>
      step(`init.${index}`, 'new PostgreSQL cluster', { kind: 'run', command, check: { exists: `${place.data}/PG_VERSION` } }),
    ),
    step('config', 'PostgreSQL configuration', {
      kind: 'file',
      path: place.config,
      content: postgresqlConf({
        data: place.data,
        hbaFile: `${folder}/pg_hba.conf`,
        identFile: `${folder}/pg_ident.conf`,
        socketFolder: place.socketFolder,
        memory: wish.memory,
        port: place.port,
        tcp: false,
      }),
      mode: readable,
    }),
    step('access', 'who may connect', { kind: 'file', path: `${folder}/pg_hba.conf`, content: pgHbaConf(), mode: readable }),
    step('users', 'who is its superuser', {
      kind: 'file',
      path: `${folder}/pg_ident.conf`,
      content: pgIdentConf([wish.me, ...(user === undefined ? [] : [user])]),
      mode: readable,
    }),
    step('launch', 'how PostgreSQL starts', { kind: 'file', path: launch, content: { json: process }, mode: 0o600 }),
    step('program', 'PostgreSQL process', {
      kind: 'file',
      path: `${stateFiles(layout).programs}/${POSTGRES_GROUP}.conf`,
      content: serviceProgram(
        POSTGRES_GROUP,
        launch,
        `${stateFiles(layout).logs}/postgresql.log`,
        POSTGRES_STOP_SIGNAL,
        installed,
      ),
    }),
    { ...applyGroups(layout, installed, 'prepare', 'postgresql.start', 'PostgreSQL', POSTGRES_GROUP), lane: 'postgresql' },
    step('ready', 'PostgreSQL answers', {
      kind: 'wait',
      until: { command: postgresReady(place) },
      timeoutSeconds: 60,
      log: [`${stateFiles(layout).logs}/postgresql.log`],
    }),
    ...wish.databases.map(({ name, extensions }) =>
      step(`database.${name}`, `database ${name}`, {
        kind: 'run',
        command: ensureDatabase(place, { role: wish.role, database: name, extensions, password: wish.password }),
      }),
    ),
  ];
}
