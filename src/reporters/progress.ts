import type { Event } from '../core/event.js';
import type { Failure } from '../core/failure.js';
import type { Stage } from '../core/plan.js';

/** What is going on, as the events so far tell it. */
export interface Progress {
  readonly stage?: { readonly name: Stage; readonly began: number };
  readonly running: readonly RunningStep[];
  /** The step that failed first in this stage, with what it said last. */
  readonly failed?: { readonly title: string; readonly failure: Failure; readonly lines: readonly string[] };
}

export interface RunningStep {
  readonly key: string;
  readonly title: string;
  readonly lines: readonly string[];
}

export const NOTHING_YET: Progress = { running: [] };
const KEPT_LINES = 12;

/**
 * The progress after one more event.
 * @param now milliseconds of any steady clock
 */
export function advance(progress: Progress, event: Event, now: number): Progress {
  switch (event.type) {
    case 'stage':
      return { stage: { name: event.stage, began: now }, running: [] };
    case 'stage-done':
      return NOTHING_YET;
    case 'started':
      return { ...progress, running: [...progress.running, { key: keyOf(event), title: event.title, lines: [] }] };
    case 'output':
      return {
        ...progress,
        running: progress.running.map((step) => (step.key === keyOf(event) ? saying(step, event.line) : step)),
      };
    case 'same':
    case 'done':
      return { ...progress, running: progress.running.filter((step) => step.key !== keyOf(event)) };
    case 'failed':
      return failing(progress, event);
    default:
      return progress;
  }
}

const keyOf = (event: { step: string; host: string }): string => `${event.host}\n${event.step}`;

const saying = (step: RunningStep, line: string): RunningStep => ({ ...step, lines: [...step.lines, line].slice(-KEPT_LINES) });

function failing(progress: Progress, event: Extract<Event, { type: 'failed' }>): Progress {
  const step = progress.running.find((candidate) => candidate.key === keyOf(event));
  const running = progress.running.filter((candidate) => candidate !== step);
  // Steps beside the failed one are ended with it: that they were cancelled is no news.
  const news = progress.failed === undefined || progress.failed.failure.kind === 'cancelled';
  if (!news) return { ...progress, running };
  return { ...progress, running, failed: { title: step?.title ?? event.step, failure: event.failure, lines: step?.lines ?? [] } };
}

/** What a person reads about the steps that run now: the latest one, and how many others. */
export function runningTitle(progress: Progress): string {
  const latest = progress.running.at(-1);
  if (latest === undefined) return '';
  return progress.running.length === 1 ? latest.title : `${latest.title} · ${progress.running.length - 1} more`;
}
