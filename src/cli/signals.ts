import { EXIT_CODE } from '../core/failure.js';
import type { Surroundings } from './surroundings.js';

export interface Abort {
  readonly signal: AbortSignal;
  /** Stops listening. */
  readonly release: () => void;
}

/**
 * The first signal asks the command to stop where nothing is left half done; the second ends the process at once.
 * @param stopping called on the first one
 * @param passInterrupts Ctrl-C belongs to the program that runs on this terminal
 */
export function abortOnSignals(
  { onSignal, exit }: Pick<Surroundings, 'onSignal' | 'exit'>,
  stopping: () => void,
  passInterrupts: boolean,
): Abort {
  const controller = new AbortController();
  const release = onSignal((received) => {
    if (received === 'SIGINT' && passInterrupts) return;
    if (controller.signal.aborted) return exit(EXIT_CODE.cancelled);
    stopping();
    controller.abort();
  });
  return { signal: controller.signal, release };
}
