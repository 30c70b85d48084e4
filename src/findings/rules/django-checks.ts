import { whereIs } from '../ask.js';
import type { DjangoMessage, Evidence } from '../evidence.js';
import type { Hit, Page, Rule, Severity } from '../rule.js';

/** A check of Django's under a name of ours. */
interface Mapped {
  readonly id: string;
  /** Django's ids: https://docs.djangoproject.com/en/stable/ref/checks/ */
  readonly checks: readonly string[];
  readonly severity: Severity;
  readonly title: string;
  readonly settings: readonly string[];
  readonly hint: string;
  readonly page: Omit<Page, 'slipway'>;
}

/** A rule from Django's own check, with the line that sets it and whether the pins mend it. */
export function djangoRule(mapped: Mapped): Rule {
  const { checks, page, ...rest } = mapped;
  const what = `${page.what}\n\nDjango's own check${checks.length === 1 ? '' : 's'}: ${checks.map((check) => `\`${check}\``).join(', ')}.`;
  const slipway = 'Where one of its pins sets this right, the finding is told as handled.';
  return { ...rest, page: { ...page, what, slipway }, find: (evidence) => hits(evidence, mapped) };
}

function hits(evidence: Evidence, { checks, title, settings, hint }: Mapped): Hit[] {
  const messages = (evidence.own ?? []).filter((message) => checks.includes(message.id) && !message.silenced);
  const [first] = messages;
  if (first === undefined) return [];
  const message = `${title} (${[...new Set(messages.map(({ id }) => id))].join(', ')})`;
  return [{ message, hint, where: whereIs(evidence, ...settings), handled: isMended(evidence, first) }];
}

/** True where the same check is content once the settings are pinned. */
export const isMended = ({ pinned }: Evidence, message: DjangoMessage): boolean =>
  pinned !== undefined && !pinned.some(({ id, object, silenced }) => id === message.id && object === message.object && !silenced);
