import assert from 'node:assert/strict';
import type { Facts, ProbeError } from '../../../src/core/facts.js';
import { python } from './run.js';

const MARK = '@@SLIPWAY@@';

interface Answer {
  readonly ok: boolean;
  readonly facts: Facts;
  readonly error?: ProbeError;
}

/** The probe's one answer, the last line of its output. */
export async function answer(
  venv: string,
  what: 'probe',
  request: object,
  env: Readonly<Record<string, string>>,
): Promise<Answer> {
  const ran = await python(venv, ['-m', `slipway_runtime.${what}`], { env, stdin: JSON.stringify(request) });
  const last = ran.stdout.trimEnd().split('\n').at(-1) ?? '';
  assert.ok(last.startsWith(MARK), `no answer: ${ran.stdout}${ran.stderr}`);
  return JSON.parse(last.slice(MARK.length));
}

export interface TaskEvent {
  readonly job: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Every event of a run of tasks. */
export async function events(
  venv: string,
  request: object,
  env: Readonly<Record<string, string>>,
): Promise<readonly TaskEvent[]> {
  const ran = await python(venv, ['-m', 'slipway_runtime.tasks'], { env, stdin: JSON.stringify(request) });
  const lines = ran.stdout.split('\n').filter((line) => line.startsWith(MARK));
  assert.ok(lines.length > 0, `no answer: ${ran.stdout}${ran.stderr}`);
  return lines.map((line) => {
    const fields: Record<string, unknown> = JSON.parse(line.slice(MARK.length));
    return { job: String(fields['job']), event: String(fields['event']), fields };
  });
}
