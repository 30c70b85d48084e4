import type { Step } from '../core/plan.js';
import { apply } from '../engine/apply.js';
import type { Making } from './making.js';

/** The bytecode of the environment a release is made with, made while other things are, where the app may not write it itself. */
export interface Bytecode {
  /** Begins with this step's environment; a former one is given up. */
  begin(step: Step): void;
  /** When all of it is there. @throws Failure of the step */
  whole(): Promise<void>;
  /** Gives it up. What is there already stays, and counts the next time. */
  giveUp(): Promise<void>;
}

/** Nothing is made until it begins. */
export function openBytecode({ app, context }: Making): Bytecode {
  let stop = new AbortController();
  let begun: string | undefined;
  let running: Promise<void> = Promise.resolve();
  return {
    begin: (step) => {
      const what = JSON.stringify(step.action);
      if (what === begun) return;
      begun = what;
      stop.abort();
      stop = new AbortController();
      running = apply([step], () => app.host, context.report, AbortSignal.any([context.signal, stop.signal]));
      running.catch(() => {});
    },
    whole: () => running,
    giveUp: async () => {
      stop.abort();
      await running.catch(() => {});
    },
  };
}
