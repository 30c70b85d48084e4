import type { Ran } from '../support/slipway.js';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the user gets: code, message, hint. */
export function told(ran: Ran, limitSeconds: number): string {
  if (ran.code === 137) return `not done after ${limitSeconds} s`;
  const error = ran.result['error'];
  if (!isRecord(error)) return `exit ${ran.code}: ${ran.stderr.trim().split('\n').at(-1) ?? ''}`;
  return `${error['code']}: ${error['message']}${error['hint'] ? `  →  ${error['hint']}` : ''}`;
}

/** The line that names the app. */
export function detected(up: Ran): string[] {
  const app = up.stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"app"'))
    .map((line): unknown => JSON.parse(line))
    .find(isRecord);
  return Array.isArray(app?.['summary']) ? app['summary'].map(String) : [];
}

/** What was warned of on the way, however it ended. */
export const warnedOf = (ran: Ran): string[] =>
  ran.stdout
    .split('\n')
    .filter((line) => line.startsWith('{"type":"warning"'))
    .map((line): unknown => JSON.parse(line))
    .flatMap((event) => (isRecord(event) && isRecord(event['warning']) ? [String(event['warning']['message'])] : []));

export function warningsOf(up: Ran): string[] {
  const { warnings } = up.result;
  return Array.isArray(warnings)
    ? warnings.flatMap((warning: unknown) => (isRecord(warning) ? [String(warning['message'])] : []))
    : [];
}
