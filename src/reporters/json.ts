import type { Reporter } from '../core/event.js';
import type { Failure } from '../core/failure.js';
import { eventObject } from './event-object.js';
import { failureObject } from './failure-object.js';

/** Events, one JSON object a line. */
export const jsonReporter =
  (write: (text: string) => void, now: () => Date): Reporter =>
  (event) =>
    write(jsonLine(eventObject(event, now())));

/** The last line of a command that did what it was asked; with a `failure`, of one that did and found something wrong. */
export function resultLine(command: string, fields: object, time: Date, failure?: Failure): string {
  const head = { type: 'result', time: time.toISOString(), ok: failure === undefined, command };
  return jsonLine({ ...head, ...fields, ...(failure === undefined ? {} : { error: failureObject(failure) }) });
}

/** A line of a log; a field `type` of the app's own goes by `app_type`, since the first is ours. */
export function logObjectLine({ type, ...fields }: Readonly<Record<string, unknown>>): string {
  return jsonLine({ type: 'log', ...fields, ...(type === undefined ? {} : { app_type: type }) });
}

const jsonLine = (object: object): string => JSON.stringify(object) + '\n';
