import type { Host } from '../core/host.js';
import type { Action, Alive } from '../core/plan.js';
import { ask } from './inspect.js';
import { WorkerToll } from './worker-toll.js';

const POLL_MS = 20;
const POLL_MOST_MS = 250;
/** Most are ready by then: as long as that, a question more costs less than finding out late. */
const SOON_MS = 1000;
/** Between two looks at whether it is still worth waiting: such a look is a process, on cores that what is waited for needs too. */
const ALIVE_MS = 500;

type Wait = Extract<Action, { kind: 'wait' }>;

/** Asks until the answer is yes, until waiting is pointless, or too long. @returns why it is not ready, in lines; undefined where it is */
export async function waitUntil(action: Wait, host: Host, signal?: AbortSignal): Promise<[string, ...string[]] | undefined> {
  const over = new AbortController();
  const until = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const last: Last = { said: [] };
  try {
    // A server whose workers all end takes a connection and never answers it: whether it lives is asked meanwhile.
    const why = await Promise.race([
      untilAnswered(action, host, until, last),
      ...(action.alive === undefined ? [] : [untilEnded(action.alive, host, until)]),
    ]);
    return why === undefined ? undefined : [why, ...last.said];
  } finally {
    over.abort();
  }
}

/** What was answered last, where it was not what is waited for. */
interface Last {
  said: readonly string[];
}

async function untilAnswered(action: Wait, host: Host, signal: AbortSignal, last: Last): Promise<string | undefined> {
  const began = performance.now();
  const deadline = began + action.timeoutSeconds * 1000;
  for (let wait = POLL_MS; ; wait = performance.now() - began < SOON_MS ? POLL_MS : Math.min(wait * 1.5, POLL_MOST_MS)) {
    signal.throwIfAborted();
    const answer = await ask(action.until, host, signal, ALIVE_MS / 1000);
    if (answer.kind === 'same') return undefined;
    last.said = answer.kind === 'change' && answer.diff !== undefined ? [answer.diff] : [];
    if (performance.now() >= deadline) return `not ready after ${action.timeoutSeconds} s`;
    await pause(wait, signal);
  }
}

async function untilEnded({ command, workers }: Alive, host: Host, signal: AbortSignal): Promise<string> {
  const toll = workers === undefined ? undefined : new WorkerToll(workers);
  for (;;) {
    await pause(ALIVE_MS, signal);
    signal.throwIfAborted();
    const { code, stdout } = await host.exec(command, { signal });
    if (code === 1) return 'it ended instead of becoming ready';
    const why = code === 0 ? toll?.see(stdout.split('\n').filter(Boolean), performance.now()) : undefined;
    if (why !== undefined) return why;
  }
}

/** Ends early when it is over. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
  });
