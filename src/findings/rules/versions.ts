import type { Evidence } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';
import { DJANGO_ENDS, daysBetween, PYTHON_ENDS, seriesOf } from './end-of-life.js';

/** From then on the holes that are published stay open for a year, and there are tools for them. */
const LONG_AGO = 365;
const SOON = 120;

export const versionRules: readonly Rule[] = [
  {
    id: 'versions.django-ended',
    severity: 'warning',
    title: 'This Django gets no security fixes any more',
    page: {
      what: 'The series of the installed Django is past the end of its support.',
      risk: 'Every hole that is found in a later series is described in public, and stays open in yours. After a year the finding is an error.',
      mend: 'Go up one series at a time, with `python -Wd manage.py test`; first to the next LTS (3.2, 4.2, 5.2).',
    },
    find: (evidence, today) => ended(djangoOf(evidence), 'Django', DJANGO_ENDS, today, LONG_AGO),
  },
  {
    id: 'versions.django-ends',
    severity: 'info',
    title: 'This Django’s support ends soon',
    page: {
      what: 'The series of the installed Django gets security fixes for a few months more.',
      risk: 'None yet.',
      mend: 'Plan the upgrade.',
    },
    find: (evidence, today) => ending(djangoOf(evidence), 'Django', DJANGO_ENDS, today),
  },
  {
    id: 'versions.python-ended',
    severity: 'warning',
    title: 'This Python gets no security fixes any more',
    page: {
      what: 'The interpreter that was chosen is past the end of its support.',
      risk: 'Holes in its TLS, its parsers of mail and URLs stay open, and new versions of packages no longer come for it.',
      mend: 'Raise the Python that the project names (`.python-version`, `runtime.txt`, `requires-python`), as far as its Django allows.',
    },
    find: ({ python }, today) =>
      python === undefined ? [] : ended({ version: python, where: '' }, 'Python', PYTHON_ENDS, today),
  },
];

interface Versioned {
  readonly version: string;
  readonly where: string;
}

/** The installed one; where nothing is installed, the one that is pinned. */
function djangoOf({ facts, project }: Evidence): Versioned | undefined {
  const from = project.django?.from ?? '';
  const where = /^[\w./-]+\.\w+(:\d+)?$/.test(from) ? from : '';
  if (facts !== undefined) return { version: facts.django, where };
  const pinned = /^(?:===?)?\s*(\d+\.\d+(\.\d+)*)$/.exec(project.django?.value ?? '')?.[1];
  return pinned === undefined ? undefined : { version: pinned, where };
}

function ended(
  known: Versioned | undefined,
  what: string,
  table: Readonly<Record<string, string>>,
  today: string,
  longAgo = Number.POSITIVE_INFINITY,
): Hit[] {
  const end = known && table[seriesOf(known.version)];
  if (known === undefined || end === undefined || daysBetween(end, today) <= 0) return [];
  const severity = daysBetween(end, today) > longAgo ? ('error' as const) : ('warning' as const);
  return [
    {
      message: `${what} ${known.version} gets no security fixes since ${end}`,
      hint: `${what} ${next(table, today, known.version)}`,
      where: known.where,
      severity,
    },
  ];
}

function ending(known: Versioned | undefined, what: string, table: Readonly<Record<string, string>>, today: string): Hit[] {
  const end = known && table[seriesOf(known.version)];
  if (known === undefined || end === undefined) return [];
  const days = daysBetween(today, end);
  return days < 0 || days > SOON
    ? []
    : [
        {
          message: `${what} ${known.version} gets security fixes until ${end}`,
          hint: `plan the step to ${what} ${next(table, end, known.version)}`,
          where: known.where,
        },
      ];
}

/** The series after this one that is still looked after on that day, the one that lasts longest of the near ones. */
function next(table: Readonly<Record<string, string>>, day: string, version: string): string {
  const names = Object.keys(table);
  const later = names.slice(names.indexOf(seriesOf(version)) + 1).filter((name) => daysBetween(day, table[name] ?? day) > SOON);
  return later.slice(0, 2).sort((a, b) => daysBetween(table[a] ?? day, table[b] ?? day))[0] ?? later[0] ?? names.at(-1) ?? '';
}
