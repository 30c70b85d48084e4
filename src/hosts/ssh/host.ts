import type { Command, Request, Response } from '../../core/command.js';
import { Failure } from '../../core/failure.js';
import type { ExecOptions, Exit, Host } from '../../core/host.js';
import { renderContent, type SecretResolver } from '../secret-values.js';
import { type Json, member, numberOf, textOf, textsOf } from './answer.js';
import type { CallOptions, Channel } from './channel.js';
import { chunks } from './chunks.js';
import { Collected } from './collected.js';
import { execArgs } from './exec-args.js';
import { inOrder } from './in-order.js';
import type { Survey } from './survey.js';
import { upload } from './upload.js';

/** Where the files of every release lie once, by the hash of their content. */
export const STORE = '/opt/slipway/store';

export interface SshHostOptions {
  /** Who works there; absent: root. Files it writes are this user's, and no command of it has more rights. */
  readonly user?: string;
  readonly secrets: SecretResolver;
  /** Variables that every command gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of `user`'s for files by their hash, on the same disk as what is synced; default `/opt/slipway/store`, root's. */
  readonly store?: string;
}

/** What a host does for us, over a connection that is there. @param survey what is known of its files already */
export function sshHost(channel: Channel, options: SshHostOptions, survey: Survey): Host {
  const { secrets, user } = options;
  const as = user === undefined ? {} : { as: user };
  const ask = (op: string, args: Readonly<Record<string, unknown>>, call?: CallOptions) =>
    channel.call({ op, ...as, ...args }, call);
  return {
    name: channel.name,
    inOrder: inOrder(channel, options, survey),
    knowsContent: true,
    exec: (command, exec = {}) => execute(channel, command, options, exec),
    request: (request, signal) => sendRequest(channel, request, signal),
    requestUntil: (request, seconds, signal) =>
      sendRequest(channel, request, signal, { until: { statuses: request.expect ?? [200], seconds } }),
    read: async (path) => {
      const known = survey.text(path);
      if (known !== undefined) return known.text;
      const parts: Buffer[] = [];
      const there = await ask('read', { path }, { onOut: (bytes) => parts.push(bytes) });
      return there === true ? Buffer.concat(parts).toString('utf8') : undefined;
    },
    render: (content) => renderContent(content, secrets),
    write: async (path, content, mode = 0o644) => {
      survey.touch(path);
      await ask('write', { path, mode }, { body: chunks(Buffer.from(await renderContent(content, secrets))) });
    },
    exists: async (path) => survey.exists(path) ?? (await ask('look', { path })) !== null,
    readLink: async (path) => {
      const known = survey.target(path);
      return known === undefined ? textOf(await ask('readLink', { path })) : known.to;
    },
    link: async (path, to) => {
      survey.touch(path);
      return numberOf(member(await ask('link', { path, to }), 'ms'));
    },
    folder: async (path, mode = 0o755) => {
      survey.touch(path);
      await ask('folder', { path, mode });
    },
    remove: async (path) => {
      survey.touch(path);
      await ask('remove', { path });
    },
    sync: async (action, signal) => {
      survey.touch(action.to);
      await upload(channel, action, { store: options.store ?? STORE, ...as }, signal);
    },
    list: async (path) => survey.names(path) ?? textsOf(await ask('list', { path })),
    files: async (path, without = []) => textsOf(await ask('files', { path, without })),
    copy: async (from, to) => {
      survey.touch(to);
      await ask('copy', { from, to });
    },
    hardLinks: async (from, to, files) => {
      survey.touch(to);
      await ask('hardLinks', { from, to, files });
    },
  };
}

async function execute(channel: Channel, command: Command, options: SshHostOptions, exec: ExecOptions): Promise<Exit> {
  const user = command.user ?? options.user;
  const wanted = await execArgs(command, options);
  const [program] = wanted.argv;
  const args = { op: 'exec', ...wanted, ...(user === undefined ? {} : { as: user }) };
  const [out, err] = [new Collected(exec.onLine), new Collected(exec.onLine)];
  const ended = await channel.call(args, {
    onOut: (bytes) => out.push(bytes),
    onErr: (bytes) => err.push(bytes),
    ...(exec.signal === undefined ? {} : { signal: exec.signal }),
  });
  const [stdout, stderr] = [out.end(), err.end()];
  if (member(ended, 'timedOut') === true) {
    throw new Failure('COMMAND_TIMEOUT', 'remote', `${program} did not end within ${command.timeoutSeconds} s`, {
      detail: (stderr || stdout).trimEnd().split('\n').slice(-20).join('\n'),
    });
  }
  return { code: numberOf(member(ended, 'code')), stdout, stderr };
}

/** As on this machine: no pool, no retry, no redirect. */
async function sendRequest(channel: Channel, request: Request, signal?: AbortSignal, more: object = {}): Promise<Response> {
  const parts: Buffer[] = [];
  const args = {
    op: 'request',
    to: request.to,
    method: request.method ?? 'GET',
    path: request.path,
    headers: request.headers ?? {},
    timeout: request.timeoutSeconds ?? 10,
    ...(request.body === undefined ? {} : { body: request.body }),
    ...more,
  };
  const answer = await channel.call(args, {
    onOut: (bytes) => parts.push(bytes),
    ...(signal === undefined ? {} : { signal }),
  });
  const body = Buffer.concat(parts).toString('utf8');
  return { status: numberOf(member(answer, 'status')), headers: readHeaders(member(answer, 'headers')), body };
}

function readHeaders(json: Json | undefined): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = {};
  if (json === undefined || json === null || typeof json !== 'object') return headers;
  for (const [name, values] of Object.entries(json)) {
    const all = textsOf(values);
    headers[name] = all.length === 1 ? (all[0] ?? '') : all;
  }
  return headers;
}
