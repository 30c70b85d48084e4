import { isSecret } from '../../core/command.js';
import type { Facts } from '../../core/facts.js';
import type { Json } from '../../core/plan.js';
import type { DatabaseChoice } from './database.js';
import { urlEngine } from './database-url.js';

type Given = Extract<DatabaseChoice, { kind: 'given' }>;

/** Whether the settings took the user's database from the variable it was put into, so that nothing has to be held. */
export function isRead(facts: Facts): boolean {
  return facts.variables.some(({ name, hit }) => hit && /DATABASE_UR[LI]$|_DB_UR[LI]$|^DB_UR[LI]$/.test(name));
}

const ENGINE = {
  postgresql: 'django.db.backends.postgresql',
  mysql: 'django.db.backends.mysql',
  sqlite: 'django.db.backends.sqlite3',
};

const SHAPE = /^[a-z0-9+]+:\/\/(?:([^:@/?]*)(?::([^@/?]*))?@)?(\[[^\]]+\]|[^:/?]*)(?::(\d+))?\/([^?#]*)(?:\?([^#]*))?$/i;

/** The entry of DATABASES that a URL stands for; undefined where it is a secret, which is not known here, or cannot be read. */
export function givenEntry({ url }: Given): { readonly [key: string]: Json } | undefined {
  if (isSecret(url)) return undefined;
  const kind = urlEngine(url);
  const match = SHAPE.exec(url);
  if (kind === undefined || match === null) return undefined;
  const [, user = '', password = '', host = '', port = '', path = '', query = ''] = match;
  const name = decodeURIComponent(path);
  if (kind === 'sqlite') return { ENGINE: ENGINE.sqlite, NAME: name };
  const { host: socket, port: socketPort, unix_socket: mysqlSocket, ...options } = Object.fromEntries(new URLSearchParams(query));
  return {
    ENGINE: ENGINE[kind],
    NAME: name,
    USER: decodeURIComponent(user),
    PASSWORD: decodeURIComponent(password),
    HOST: decodeURIComponent(host.replace(/^\[|\]$/g, '')) || (socket ?? mysqlSocket ?? ''),
    PORT: port || (socketPort ?? ''),
    ...(Object.keys(options).length === 0 ? {} : { OPTIONS: options }),
  };
}
