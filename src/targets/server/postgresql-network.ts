import type { Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { networkPostgresConf } from '../../templates/postgresql-conf.js';
import { hbaLines } from '../../templates/postgresql-hba.js';
import { unitFile } from '../../templates/systemd-unit.js';
import { hostTool, type ServerHost } from './options.js';
import { stepsOn } from './step.js';

/** How hosts beside its own reach a database server. */
export interface PostgresNetwork {
  /** The server's, as those hosts see it: it listens there, and its certificate is for it. */
  readonly address: string;
  /** The hosts that are let in, as the server sees them. */
  readonly clients: readonly string[];
  /** The app whose lines of pg_hba.conf these are. */
  readonly key: string;
}

const FOLDER = '/etc/slipway/database';

/** An app's own lines of pg_hba.conf, where it has any. */
export const accessFile = (key: string): string => `${FOLDER}/${key}.hba`;

/** A certificate that is its own authority; whoever trusts it trusts this server alone. */
export const POSTGRES_CERTIFICATE = `${FOLDER}/server.crt`;
const KEY = `${FOLDER}/server.key`;

/** The file that says where the server listens. Its server has to be started after it was written. */
export const networkConfig = (major: number): string => `/etc/postgresql/${major}/main/conf.d/slipway-network.conf`;
const hbaFile = (major: number): string => `/etc/postgresql/${major}/main/pg_hba.conf`;

const TEN_YEARS = '3650';
const MONTH_SECONDS = '2592000';

// Older libpq compares an address with the name alone, newer with the alternative one: it is both.
// https://www.postgresql.org/docs/15/release-15.html
const MAKE = `umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -days ${TEN_YEARS} \\
  -subj "/CN=$1" -addext "subjectAltName=IP:$1" -keyout "$3.new" -out "$2.new" 2>/dev/null
chgrp postgres "$3.new"; chmod 0640 "$3.new"; chmod 0644 "$2.new"; mv -f "$3.new" "$3"; mv -f "$2.new" "$2"`;
const IS_FOR = `[ -e "$3" ] && openssl x509 -noout -checkend ${MONTH_SECONDS} -in "$2" >/dev/null 2>&1 \\
  && openssl x509 -noout -checkip "$1" -in "$2" | grep -q 'does match' || exit 1`;

const sh = (flags: string, text: string, ...words: string[]): Command => ({
  argv: ['sh', flags, text, 'sh', ...words],
  timeoutSeconds: 60,
});

/** What is there before the server starts: its certificate, where it listens, and that it waits for its address when the machine starts. */
export function networkSteps({ address }: PostgresNetwork, major: number, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare', 'postgresql');
  const waits = unitFile({
    unit: [
      ['Wants', 'network-online.target'],
      ['After', 'network-online.target'],
    ],
  });
  return [
    step('postgresql.certificate-folder', 'folder of its certificate', { kind: 'folder', path: FOLDER }),
    step('postgresql.certificate', 'a certificate for PostgreSQL', {
      kind: 'run',
      command: sh('-euc', MAKE, address, POSTGRES_CERTIFICATE, KEY),
      check: { command: sh('-uc', IS_FOR, address, POSTGRES_CERTIFICATE, KEY) },
    }),
    step('postgresql.waits', 'PostgreSQL waits for its address', {
      kind: 'file',
      path: '/etc/systemd/system/postgresql@.service.d/slipway.conf',
      content: waits,
      mode: 0o644,
    }),
    step('postgresql.reloaded', 'systemd knows', {
      kind: 'run',
      command: { argv: ['systemctl', 'daemon-reload'], timeoutSeconds: 60 },
      check: {
        command: sh(
          '-uc',
          '[ "$(systemctl show -p NeedDaemonReload --value -- "$1")" = no ] || exit 1',
          `postgresql@${major}-main.service`,
        ),
      },
    }),
    step('postgresql.network', 'PostgreSQL listens to the other hosts', {
      kind: 'file',
      path: networkConfig(major),
      content: networkPostgresConf(address, POSTGRES_CERTIFICATE, KEY),
      mode: 0o644,
    }),
  ];
}

/** Who may come, and to which of the app's databases. Other lines of the file stay as they are. */
export function accessSteps(
  { clients, key }: PostgresNetwork,
  { role, databases }: { readonly role: string; readonly databases: readonly { readonly name: string }[] },
  major: number,
  host: ServerHost,
): Step[] {
  const step = stepsOn(host.name, 'prepare', 'postgresql');
  const lines = accessFile(key);
  const tool = (verb: string): Command => blockTool(verb, key, major, host);
  const unit = `postgresql@${major}-main.service`;
  // Newer than the file once the server has read it.
  const read = `${FOLDER}/read`;
  return [
    step('postgresql.access', 'who may come', {
      kind: 'file',
      path: lines,
      content: hbaLines(databases.flatMap(({ name }) => clients.map((address) => ({ database: name, role, address })))),
      mode: 0o644,
    }),
    step('postgresql.hba', 'pg_hba.conf lets them in', {
      kind: 'run',
      command: tool('put'),
      check: { command: tool('same') },
    }),
    step('postgresql.hba-read', 'PostgreSQL has read it', {
      kind: 'run',
      command: sh('-euc', 'systemctl reload -- "$1"; touch -- "$2"', unit, read),
      check: { command: sh('-uc', '[ "$1" -ot "$2" ] || exit 1', hbaFile(major), read) },
    }),
  ];
}

const blockTool = (verb: string, key: string, major: number, host: ServerHost): Command => ({
  argv: [host.python, '-I', '-S', hostTool(host, 'managed_block.py'), verb, hbaFile(major), key, accessFile(key)],
  timeoutSeconds: 30,
});

/** Lets an app's hosts in no more. Where the server listens stays: other apps may be reached there. */
export const removeAccess = (key: string, major: number, host: ServerHost): Step[] => {
  const step = stepsOn(host.name, 'clean');
  return [
    step('remove.access', 'who may come to its databases', { kind: 'remove', path: accessFile(key) }),
    step('remove.hba', 'its lines of pg_hba.conf', { kind: 'run', command: blockTool('put', key, major, host) }),
    step('remove.hba-read', 'PostgreSQL has read it', {
      kind: 'run',
      command: sh('-euc', 'systemctl reload -- "$1"', `postgresql@${major}-main.service`),
    }),
  ];
};
