import type { Warning } from '../core/failure.js';
import type { TaskEvent } from '../ops/runtime.js';
import { isMessage } from './check-jobs.js';

const MOST = 3;

/** Errors of Django's system checks, the project's own among them: every command of manage.py refuses to start with such a one. */
export function checkWarnings(event: TaskEvent | undefined): Warning[] {
  const messages: unknown[] = Array.isArray(event?.['messages']) ? event['messages'] : [];
  const errors = messages.filter(isMessage).filter(({ level, silenced }) => /^(error|critical)$/.test(level) && !silenced);
  return errors.slice(0, MOST).map(({ id, msg, hint }) => ({
    code: 'system-check',
    message: `a system check of the project fails${id === '' ? '' : ` (${id})`}: ${msg}`,
    hint: hint ?? 'python manage.py check',
  }));
}
