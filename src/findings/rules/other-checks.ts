import type { DjangoMessage, Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';
import { isMended } from './django-checks.js';

const PAGE = {
  what: 'A check of Django’s, of an installed app or of the project itself that has no page of its own here. The message ends with its id; Django’s are explained at https://docs.djangoproject.com/en/stable/ref/checks/.',
  mend: 'As the message says. What is meant as it is goes into `SILENCED_SYSTEM_CHECKS`.',
};
const OBJECTS = 3;

/** @param known ids that other rules tell in their own words */
export const otherCheckRules = (known: ReadonlySet<string>): readonly Rule[] => [
  {
    id: 'django.error',
    severity: 'error',
    title: 'A system check finds an error',
    page: { ...PAGE, risk: '`manage.py` refuses to run commands, `migrate` among them, as long as it is there.' },
    find: (evidence) => hits(evidence, known, (level) => level === 'error' || level === 'critical'),
  },
  {
    id: 'django.warning',
    severity: 'info',
    title: 'A system check has a remark',
    page: { ...PAGE, risk: 'Depends on the check; none of those that matter for a deployment is among them.' },
    find: (evidence) => hits(evidence, known, (level) => level === 'warning'),
  },
];

/** Paths of the copy that was run as the project's own. */
const own = ({ probed }: Evidence, text: string): string => (probed === undefined ? text : text.replaceAll(`${probed}/`, ''));

/** One hit for each id, however many models or routes it is about. */
function hits(evidence: Evidence, known: ReadonlySet<string>, fits: (level: string) => boolean): Hit[] {
  const messages = (evidence.own ?? []).filter(
    ({ id, level, silenced }) => !silenced && !known.has(id) && fits(level) && !isBuilt(evidence, id),
  );
  const groups = new Map<string, DjangoMessage[]>();
  for (const message of messages)
    groups.set(message.id || message.msg, [...(groups.get(message.id || message.msg) ?? []), message]);
  return [...groups.values()].map((group) => hit(evidence, group));
}

/** A folder of static files that is not there is one that the front end's build makes, and `check` builds nothing. */
const isBuilt = ({ project }: Evidence, id: string): boolean => id === 'staticfiles.W004' && project.frontends.length > 0;

function hit(evidence: Evidence, group: readonly DjangoMessage[]): Hit {
  const [first] = group;
  const objects = [...new Set(group.flatMap(({ object }) => object ?? []))];
  const about =
    objects.length === 0
      ? ''
      : `${objects.slice(0, OBJECTS).join(', ')}${objects.length > OBJECTS ? ` and ${objects.length - OBJECTS} more` : ''}: `;
  const said = own(evidence, first?.msg ?? '')
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .slice(0, 300);
  return {
    message: `${about}${said}${first?.id ? ` (${first.id})` : ''}`,
    hint: (first?.hint ?? '').split('\n')[0] ?? '',
    handled: group.every((message) => isMended(evidence, message)),
  };
}
