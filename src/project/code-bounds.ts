import { type Found, found } from '../core/found.js';
import { isAside } from './mentions-of.js';
import type { Outcome } from './settings/outcome.js';
import type { Sources } from './sources.js';

interface Gone {
  /** A distribution, as PyPI spells it, and the version that no longer has it. */
  readonly name: string;
  readonly before: number;
  readonly pattern: RegExp;
}

/** At the beginning of a line: one that is indented is tried, or asked for a version first. */
const GONE: readonly Gone[] = [
  // https://docs.djangoproject.com/en/dev/releases/
  { name: 'Django', before: 2, pattern: /^from django\.core\.urlresolvers import/m },
  {
    name: 'Django',
    before: 3,
    pattern:
      /^from django\.(?:utils import six\b|utils\.six|contrib\.staticfiles\.templatetags|contrib\.admin\.templatetags\.admin_static)|^from django\.shortcuts import [^\n]*\brender_to_response\b|^from django\.utils\.encoding import [^\n]*\bpython_2_unicode_compatible\b/m,
  },
  {
    name: 'Django',
    before: 4,
    pattern:
      /^from django\.conf\.urls import [^\n]*\burl\b|^from django\.utils\.translation import [^\n]*\bu(?:n?gettext)(?:_lazy)?\b|^from django\.utils\.encoding import [^\n]*\b(?:force|smart)_text\b|^from django\.utils\.http import [^\n]*\b(?:is_safe_url|urlquote)\b|^from django\.contrib\.postgres\.fields\.jsonb? import/m,
  },
  // https://docs.wagtail.org/en/stable/releases/
  { name: 'wagtail', before: 5, pattern: /^from wagtail\.(?:core|(?:admin|images|documents|snippets)\.edit_handlers)\b/m },
  { name: 'wagtail', before: 6, pattern: /^from wagtail\.contrib\.modeladmin\b/m },
];

/** Files that Django itself loads, or that those import as a rule: what lies elsewhere may be dead. */
const LOADED =
  /(^|\/)(urls|views|models|forms|admin|apps|serializers|signals|middleware|managers)\.py$|(^|\/)(views|models|templatetags|settings)\/[^/]+\.py$/;

/** Entries of INSTALLED_APPS that a newer version no longer has. */
const GONE_APPS: Readonly<Record<string, Omit<Gone, 'pattern'>>> = {
  'wagtail.core': { name: 'wagtail', before: 5 },
  'wagtail.contrib.modeladmin': { name: 'wagtail', before: 6 },
};

/** Nothing keeps it from being the newest there is. */
const isOpen = (specifier: string | undefined): boolean =>
  specifier !== undefined && !/[=<~@^]/.test(specifier.replaceAll('>=', '>'));

/**
 * What the code itself says of the libraries that are declared without an upper bound: it uses what the newest no longer has. One bound a
 * library, the lowest.
 * @param packages declared distributions by normalised name, with their specifiers
 */
export function boundsOfCode(sources: Sources, outcome: Outcome, packages: ReadonlyMap<string, string>): Found<string>[] {
  const bounds = new Map<string, { readonly before: number; readonly from: string }>();
  const note = ({ name, before }: Omit<Gone, 'pattern'>, from: string): void => {
    if (isOpen(packages.get(name.toLowerCase())) && before < (bounds.get(name)?.before ?? Number.POSITIVE_INFINITY))
      bounds.set(name, { before, from });
  };
  for (const { path } of sources.tree.files) {
    if (!LOADED.test(path) || isAside(path) || /(^|\/)(migrations|tests?)\//.test(path)) continue;
    if (sources.moduleOf(path) === undefined) continue;
    const text = sources.tree.glance(path) ?? '';
    for (const gone of GONE) {
      const at = gone.pattern.exec(text)?.index;
      if (at !== undefined) note(gone, `${path}:${text.slice(0, at).split('\n').length}`);
    }
  }
  for (const { setting, value, from, certainty } of outcome.texts) {
    const gone = setting === 'INSTALLED_APPS' && certainty !== 'never' ? GONE_APPS[value] : undefined;
    if (gone !== undefined) note(gone, from);
  }
  return [...bounds].map(([name, { before, from }]) => found(`${name}<${before}`, from));
}
