import type { Evidence } from './evidence.js';
import type { Finding, Severity } from './rule.js';
import { RULES } from './rules.js';

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/** Everything that is wrong, worst first, what `up` holds right after what it does not. @param today `2026-11-21` */
export function findAll(evidence: Evidence, today: string): Finding[] {
  const found = RULES.flatMap((rule) =>
    rule.find(evidence, today).map(
      ({ message, hint, where = '', handled = false, severity = rule.severity }): Finding => ({
        id: rule.id,
        severity,
        message,
        hint,
        where,
        handled,
      }),
    ),
  );
  return found.sort(
    (a, b) =>
      ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) ||
      Number(a.handled) - Number(b.handled) ||
      (a.where < b.where ? -1 : Number(a.where > b.where)),
  );
}
