import type { Command, Request, Response } from './command.js';
import type { Failure } from './failure.js';
import type { Action } from './plan.js';

export interface Exit {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly signal?: AbortSignal;
  /** Called with each line of either stream as it comes. */
  readonly onLine?: (line: string) => void;
}

/** What becomes of one of several actions, by its place among them. */
export type InOrderEvent =
  | { readonly index: number; readonly event: 'started' }
  | { readonly index: number; readonly event: 'same' }
  | { readonly index: number; readonly event: 'output'; readonly line: string }
  /** `hostMs`: how long a link took. */
  | { readonly index: number; readonly event: 'done'; readonly hostMs?: number };

/** The first of several actions that failed: its command ended otherwise than with 0, or it could not be done. */
export type InOrderEnd =
  | { readonly failed: number; readonly exit: Exit }
  | { readonly failed: number; readonly failure: Failure }
  | undefined;

/** Actions that the host itself does in order, each judged at its turn and done where it would change something. */
export interface InOrder {
  /** False for what needs this side: files of this machine, requests, waiting. */
  takes(action: Action): boolean;
  /** Whether none of them would change anything now; touches nothing. @throws Failure where that cannot be told */
  judge(actions: readonly Action[], signal?: AbortSignal): Promise<boolean>;
  /** Up to the first that fails. @throws Failure of the connection, or the signal's reason */
  run(actions: readonly Action[], tell: (event: InOrderEvent) => void, signal?: AbortSignal): Promise<InOrderEnd>;
}

export type Sync = Extract<Action, { kind: 'sync' }>;
export type File = Extract<Action, { kind: 'file' }>;

/** Marks every command that one run of Slipway starts: those of a run that was killed can be found by it. */
export const WORK_VARIABLE = 'SLIPWAY_WORK';

/** The whole outside world: a place where commands run and files live. */
export interface Host {
  readonly name: string;
  /** Of a host to which a question has a way to go: does many steps for one. */
  readonly inOrder?: InOrder;
  /** `sync` finds by its content what the place has had before: what it is like need not be named. */
  readonly knowsContent?: boolean;
  exec(command: Command, options?: ExecOptions): Promise<Exit>;
  /** Rejects with a `connection` Failure when nothing answers. */
  request(request: Request, signal?: AbortSignal): Promise<Response>;
  /** Of a host to which a question has a way to go: the same, asked there again and again until the answer is expected or the time is over. */
  requestUntil?(request: Request, seconds: number, signal?: AbortSignal): Promise<Response>;
  read(path: string): Promise<string | undefined>;
  /** What a file step would write, secrets resolved: compared with `read`, never shown. */
  render(content: File['content']): Promise<string>;
  /** Written beside and renamed into place, so that no reader sees half of it. */
  write(path: string, content: File['content'], mode?: number): Promise<void>;
  exists(path: string): Promise<boolean>;
  readLink(path: string): Promise<string | undefined>;
  /** Gives how long the place itself took for it, in milliseconds. */
  link(path: string, to: string): Promise<number>;
  folder(path: string, mode?: number): Promise<void>;
  remove(path: string): Promise<void>;
  sync(action: Sync, signal?: AbortSignal): Promise<void>;
  /** Names in a folder, sorted; none where there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Every regular file below a folder, relative to it, sorted; none where there is no such folder. Folders of the names `without` are passed over. */
  files(path: string, without?: readonly string[]): Promise<readonly string[]>;
  /** A file or a folder with all that is in it, modes kept; what is there already stays. */
  copy(from: string, to: string): Promise<void>;
  /** Has the files of one folder, named relative to it, in another as hard links; what is there already, or gone, is passed over. */
  hardLinks(from: string, to: string, files: readonly string[]): Promise<void>;
}

/** What a place has to work with. */
export interface Machine {
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  /** As Node names it: `x64`, `arm64`. */
  readonly architecture: string;
}
