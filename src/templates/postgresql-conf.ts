import { Failure } from '../core/failure.js';

export interface PostgresConfArgs {
  readonly data: string;
  readonly hbaFile: string;
  readonly identFile: string;
  readonly socketFolder: string;
  /** Bytes the machine has. */
  readonly memory: number;
  /** In the socket's name; and on 127.0.0.1 where `tcp`. */
  readonly port: number;
  /** Listen on 127.0.0.1 too, for what cannot be told a socket. */
  readonly tcp: boolean;
}

const MB = 1024 * 1024;

/** Modest: the server shares the machine with the app, its workers and other apps. https://www.postgresql.org/docs/current/runtime-config-resource.html */
export function postgresqlConf(args: PostgresConfArgs): string {
  const settings: Readonly<Record<string, string>> = {
    data_directory: args.data,
    hba_file: args.hbaFile,
    ident_file: args.identFile,
    // A list, in which a name with a comma or a blank stands in double quotes.
    unix_socket_directories: `"${args.socketFolder.replaceAll('"', '""')}"`,
    listen_addresses: args.tcp ? '127.0.0.1' : '',
    port: String(args.port),
    max_connections: '100',
    superuser_reserved_connections: '3',
    password_encryption: 'scram-sha-256',
    ...sized(args.memory),
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] %q%u@%d ',
    log_timezone: 'UTC',
    timezone: 'UTC',
    lc_messages: 'C',
    idle_in_transaction_session_timeout: '10min',
  };
  return conf(settings);
}

/** How a server is reached by other machines: at one address beside the loopback, with TLS. */
export const networkPostgresConf = (address: string, certificate: string, key: string): string =>
  conf({
    listen_addresses: `localhost, ${address}`,
    ssl: 'on',
    ssl_cert_file: certificate,
    ssl_key_file: key,
    ssl_min_protocol_version: 'TLSv1.2',
  });

const conf = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${confString(value)}\n`)
    .join('');

function sized(memory: number): Readonly<Record<string, string>> {
  const megabytes = Math.floor(memory / MB);
  const between = (least: number, value: number, most: number): string =>
    `${Math.round(Math.min(most, Math.max(least, value)))}MB`;
  return {
    shared_buffers: between(16, megabytes / 16, 1024),
    effective_cache_size: between(64, megabytes / 2, 65536),
    maintenance_work_mem: between(16, megabytes / 32, 256),
    work_mem: between(2, megabytes / 1024, 16),
    random_page_cost: '1.1',
    max_wal_size: '1GB',
    min_wal_size: '80MB',
    wal_compression: 'on',
  };
}

/** A file of `conf.d` for the system's own cluster: what Debian leaves at defaults made for machines of twenty years ago. @param memory bytes the machine has */
export const systemPostgresConf = (memory: number): string =>
  `# Written by Slipway; changes are overwritten.\n${conf({
    ...sized(memory),
    password_encryption: 'scram-sha-256',
  })}`;

/** The one escaper for strings of postgresql.conf: https://www.postgresql.org/docs/current/config-setting.html */
export function confString(text: string): string {
  const inner = text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `'${inner}'`;
}

/** The superuser by who the caller is on this machine, everyone else by password; over TCP never the superuser. */
export const pgHbaConf = (): string =>
  [
    'local  all  postgres                peer map=slipway',
    'local  all  all                     scram-sha-256',
    'host   all  postgres  all           reject',
    'host   all  all       127.0.0.1/32  scram-sha-256',
    '',
  ].join('\n');

/**
 * Who may be the superuser: the user that runs the server, and root.
 * @throws Failure UNSAFE_VALUE for a user name with a quote or a line break
 */
export function pgIdentConf(users: readonly string[]): string {
  return [...new Set([...users, 'root'])].map((user) => `slipway  ${identWord(user)}  postgres\n`).join('');
}

function identWord(user: string): string {
  if (/^[^"\\/\p{Cc}][^"\p{Cc}]*$/u.test(user)) return `"${user}"`;
  throw new Failure('UNSAFE_VALUE', 'environment', `PostgreSQL cannot be told the user name ${JSON.stringify(user)}`);
}
