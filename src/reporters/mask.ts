import type { Event, Reporter } from '../core/event.js';
import { Failure } from '../core/failure.js';

export type Mask = (text: string) => string;

const HIDDEN = '••••';
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@'"]*:)([^\s@/'"]+)@/gi;
const ASSIGNED = /\b([A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|PRIVATE_KEY)[A-Z0-9_]*=)([^\s'"()[\]{}$]{6,})/g;
const LEAST_LENGTH = 6;

/**
 * Hides what looks like a secret in text that other programs wrote, and the given values wherever they stand. Slipway's own text holds none
 * by its types; this is for what a build tool prints about its environment.
 */
export function masking(values: readonly string[]): Mask {
  const known = values.filter((value) => value.length >= LEAST_LENGTH).sort((a, b) => b.length - a.length);
  return (text) => {
    const shown = text.replace(URL_PASSWORD, `$1${HIDDEN}@`).replace(ASSIGNED, `$1${HIDDEN}`);
    return known.reduce((rest, value) => rest.replaceAll(value, HIDDEN), shown);
  };
}

/** A name of a variable whose value nobody should read over a shoulder. */
export const isSecretName = (name: string): boolean => /PASSWORD|PASSWD|SECRET|TOKEN|KEY|DSN|CREDENTIAL|DATABASE_URL/i.test(name);

export const maskedReporter =
  (report: Reporter, mask: Mask): Reporter =>
  (event) =>
    report(maskEvent(event, mask));

function maskEvent(event: Event, mask: Mask): Event {
  if (event.type === 'output') return { ...event, line: mask(event.line) };
  if (event.type === 'failed') return { ...event, failure: maskFailure(event.failure, mask) };
  return event;
}

/** The same failure with its texts masked. */
export function maskFailure(failure: Failure, mask: Mask): Failure {
  return new Failure(failure.code, failure.kind, mask(failure.message), {
    ...(failure.hint === undefined ? {} : { hint: mask(failure.hint) }),
    ...(failure.detail === undefined ? {} : { detail: mask(failure.detail) }),
    cause: failure.cause,
  });
}
