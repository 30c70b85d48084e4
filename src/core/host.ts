import type { Command, Request, Response } from './command.js';
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

export type Sync = Extract<Action, { kind: 'sync' }>;
export type File = Extract<Action, { kind: 'file' }>;

/** Marks every command that one run of Slipway starts: those of a run that was killed can be found by it. */
export const WORK_VARIABLE = 'SLIPWAY_WORK';

/** The whole outside world: a place where commands run and files live. */
export interface Host {
  readonly name: string;
  /** An answer has a way to come: what can be asked at the same time is. */
  readonly isFar?: boolean;
  exec(command: Command, options?: ExecOptions): Promise<Exit>;
  /** Rejects with a `connection` Failure when nothing answers. */
  request(request: Request, signal?: AbortSignal): Promise<Response>;
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
