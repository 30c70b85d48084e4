import type { Reporter } from '../core/event.js';
import { eventObject } from './event-object.js';

/** Every event with its time, one JSON object a line, for whoever must find out afterwards what happened. */
export const journalReporter =
  (append: (text: string) => void, now: () => Date): Reporter =>
  (event) =>
    append(JSON.stringify(eventObject(event, now())) + '\n');
