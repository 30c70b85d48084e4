import { compareVersions, numbers, satisfies } from './version.js';

interface Support {
  readonly series: string;
  readonly oldest: string;
  /** The newest Python it was tested with: https://docs.djangoproject.com/en/dev/faq/install/ */
  readonly tested: string;
  /** The newest it can run on, where a later one took away what it imports (`distutils` in 3.12, `cgi` in 3.13). */
  readonly works?: string;
}

const SUPPORT: readonly Support[] = [
  { series: '1.4', oldest: '2.5', tested: '2.7', works: '2.7' },
  { series: '1.5', oldest: '3.2', tested: '3.3', works: '3.4' },
  { series: '1.6', oldest: '3.2', tested: '3.3', works: '3.4' },
  { series: '1.7', oldest: '3.2', tested: '3.4', works: '3.4' },
  { series: '1.8', oldest: '3.3', tested: '3.5', works: '3.6' },
  { series: '1.9', oldest: '3.4', tested: '3.5', works: '3.6' },
  { series: '1.10', oldest: '3.4', tested: '3.5', works: '3.6' },
  { series: '1.11', oldest: '3.4', tested: '3.7', works: '3.7' },
  { series: '2.0', oldest: '3.4', tested: '3.7', works: '3.9' },
  { series: '2.1', oldest: '3.5', tested: '3.7', works: '3.9' },
  { series: '2.2', oldest: '3.5', tested: '3.9', works: '3.9' },
  { series: '3.0', oldest: '3.6', tested: '3.9', works: '3.11' },
  { series: '3.1', oldest: '3.6', tested: '3.9', works: '3.11' },
  { series: '3.2', oldest: '3.6', tested: '3.10', works: '3.11' },
  { series: '4.0', oldest: '3.8', tested: '3.10', works: '3.12' },
  { series: '4.1', oldest: '3.8', tested: '3.11', works: '3.12' },
  { series: '4.2', oldest: '3.8', tested: '3.12' },
  { series: '5.0', oldest: '3.10', tested: '3.12' },
  { series: '5.1', oldest: '3.10', tested: '3.13' },
  { series: '5.2', oldest: '3.10', tested: '3.14' },
  { series: '6.0', oldest: '3.12', tested: '3.14' },
  { series: '6.1', oldest: '3.12', tested: '3.14' },
];

export interface PythonRange {
  /** PEP 440: what must hold. */
  readonly required: string;
  /** PEP 440: what Django was tested with, where that is narrower. */
  readonly advised?: string;
}

/** `3.13` → `<3.14` */
function upTo(version: string): string {
  const [major = 3, minor = 0] = numbers(version);
  return `<${major}.${minor + 1}`;
}

const allowed = (series: string, specifier: string): boolean =>
  [...Array(60).keys()].some((micro) => satisfies(`${series}.${micro}`, specifier));

/**
 * The Pythons that the Django releases allowed by a version or PEP 440 specifier run on; undefined when none is known.
 * A Django newer than the table has a lower bound only.
 */
export function pythonFor(django: string): PythonRange | undefined {
  const specifier = /^\d/.test(django) ? `==${numbers(django).slice(0, 2).join('.')}.*` : django;
  const known = SUPPORT.filter((entry) => allowed(entry.series, specifier));
  const last = SUPPORT.at(-1);
  const [oldest] = known;
  const newest = known.at(-1);
  if (last === undefined) return undefined;
  if (oldest === undefined || newest === undefined) {
    return /^\d/.test(django) && compareVersions(django, last.series) > 0 ? { required: `>=${last.oldest}` } : undefined;
  }
  if (allowed('9999.0', specifier) || newest === last) {
    const lower = { required: `>=${oldest.oldest}` };
    return allowed('9999.0', specifier) ? lower : { ...lower, advised: upTo(newest.tested) };
  }
  const required = newest.works === undefined ? `>=${oldest.oldest}` : `>=${oldest.oldest},${upTo(newest.works)}`;
  return { required, advised: upTo(newest.tested) };
}
