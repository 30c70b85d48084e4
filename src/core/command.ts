import type { Json } from './plan.js';

/** A value that must never be printed. It is resolved by the host, at the last moment. */
export interface SecretRef {
  readonly secret: string;
}

export type Arg = string | SecretRef;

export type Env = Readonly<Record<string, Arg>>;

/** One external process. Always argv, never a shell string. */
export interface Command {
  readonly argv: readonly Arg[];
  /** Added to a minimal environment (PATH, HOME, LANG); nothing else of ours leaks in. */
  readonly env?: Env;
  readonly cwd?: string;
  /** The user to run as, where it differs from ours. */
  readonly user?: string;
  /** A text, or JSON whose secrets are put in by the host. */
  readonly stdin?: string | { readonly json: Json };
  /** Seconds after which the process is ended and the command fails. */
  readonly timeoutSeconds?: number;
}

/** An HTTP request over a unix socket or to a loopback port. */
export interface Request {
  readonly to:
    | { readonly socket: string }
    | { readonly port: number; readonly tls?: { readonly ca: string; readonly name: string } };
  readonly method?: string;
  /** Path and query, already percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 10. */
  readonly timeoutSeconds?: number;
  /** Statuses that count as success; default 200. */
  readonly expect?: readonly number[];
}

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

export const secret = (name: string): SecretRef => ({ secret: name });

export const cmd = (...argv: Arg[]): Command => ({ argv });

export const isSecret = (arg: unknown): arg is SecretRef =>
  typeof arg === 'object' && arg !== null && 'secret' in arg && typeof arg.secret === 'string' && Object.keys(arg).length === 1;

/** The one escaper for POSIX sh: the word in single quotes unless it is plainly harmless. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What a person sees: copy-pastable, with secrets masked. */
export function display(command: Command): string {
  const words = command.argv.map((arg) => (typeof arg === 'string' ? quote(arg) : `<${arg.secret}>`)).join(' ');
  return command.cwd === undefined ? words : `cd ${quote(command.cwd)} && ${words}`;
}
