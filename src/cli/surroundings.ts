import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import type { Host } from '../core/host.js';
import type { Flows } from './flows.js';

/** Where text goes. */
export interface Output {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** At this moment. */
  readonly columns: () => number;
  /** Calls back once when nobody reads any more. */
  readonly onClosed: (closed: () => void) => void;
}

export interface Input {
  readonly stream: Readable;
  readonly isTTY: boolean;
}

export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Everything outside that a command may touch; the one seam tests use. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly userHome: string;
  /** Slipway's own folder: package.json and docs/ are there. */
  readonly packageRoot: string;
  readonly flows: Flows;
  readonly host: () => Promise<Host>;
  /** Calls back on each signal until the function it gave is called. */
  readonly onSignal: (received: (signal: Signal) => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
}

/** The real ones. */
export function processSurroundings(packageRoot: string, flows: Flows): Surroundings {
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: { stream: process.stdin, isTTY: process.stdin.isTTY === true },
    env: process.env,
    cwd: process.cwd(),
    userHome: homedir(),
    packageRoot,
    flows,
    host: async () => (await import('../hosts/local.js')).localHost(),
    onSignal: listen,
    exit: (code) => process.exit(code),
  };
}

const WIDTH_OF_NOTHING = 100;

function outputOf(stream: NodeJS.WriteStream): Output {
  let open = true;
  const callbacks: (() => void)[] = [];
  // A reader that went away (`slipway logs | head`) or a terminal that was closed is no error of this command: what it does goes on.
  stream.on('error', () => {
    open = false;
    for (const closed of callbacks.splice(0)) closed();
  });
  return {
    write: (text) => {
      if (open) stream.write(text);
    },
    isTTY: stream.isTTY === true,
    columns: () => stream.columns ?? WIDTH_OF_NOTHING,
    onClosed: (closed) => void callbacks.push(closed),
  };
}

const SIGNALS: readonly Signal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function listen(received: (signal: Signal) => void): () => void {
  for (const signal of SIGNALS) process.on(signal, received);
  return () => {
    for (const signal of SIGNALS) process.off(signal, received);
  };
}
