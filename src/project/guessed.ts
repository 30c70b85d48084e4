import { type Found, found } from '../core/found.js';
import { distributionsOf } from './distributions.js';
import { isAside } from './mentions-of.js';
import type { Outcome } from './settings/outcome.js';
import type { Sources } from './sources.js';
import { STANDARD_LIBRARY } from './standard-library.js';

/** What older Django had and the named release took away: https://docs.djangoproject.com/en/dev/releases/ */
const REMOVED: readonly (readonly [RegExp, string])[] = [
  [/from django\.core\.urlresolvers import/, '<2'],
  [/^MIDDLEWARE_CLASSES\s*=/m, '<2'],
  [/from django\.utils import six|django\.utils\.six|from django\.contrib\.staticfiles\.templatetags|render_to_response/, '<3'],
  [/from django\.conf\.urls import [^\n]*\burl\b/, '<4'],
  [
    /django\.utils\.translation import [^\n]*\bu(n?gettext)|from django\.utils\.encoding import [^\n]*\b(force|smart)_text\b|NullBooleanField|django\.utils\.http import [^\n]*is_safe_url/,
    '<4',
  ],
];

/** For a project that names no dependencies: the distributions its imports and settings suggest, Django first. */
export function guessDependencies(sources: Sources, outcome: Outcome): Found<string>[] {
  const guesses = new Map<string, string>();
  let bound: Found<string> | undefined;
  for (const { path } of sources.tree.files) {
    if (!path.endsWith('.py') || isAside(path) || sources.moduleOf(path) === undefined) continue;
    const text = sources.tree.glance(path) ?? '';
    for (const match of text.matchAll(
      /^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import|import[ \t]+([A-Za-z_][\w.]*(?:[ \t]*,[ \t]*[A-Za-z_][\w.]*)*))/gm,
    )) {
      for (const module of (match[1] ?? match[2] ?? '').split(',')) note(sources, module.trim(), path, guesses);
    }
    if (/\b(Image|File)Field\(/.test(text) && /ImageField\(/.test(text)) guesses.set('pillow', guesses.get('pillow') ?? path);
    const old = REMOVED.find(([pattern]) => pattern.test(text));
    if (old !== undefined && (bound === undefined || old[1] < bound.value)) bound = found(old[1], path);
  }
  for (const { setting, value, from, certainty } of outcome.texts) {
    if (certainty === 'never') continue;
    if (/^(INSTALLED_APPS|MIDDLEWARE|MIDDLEWARE_CLASSES)$/.test(setting) && /^[a-z]\w*(\.\w+)*$/.test(value))
      note(sources, value, from, guesses);
    if (/^DATABASES\.\w+\.ENGINE$/.test(setting) && /postg/.test(value)) guesses.set('psycopg2-binary', from);
    if (/^DATABASES\.\w+\.ENGINE$/.test(setting) && /mysql/.test(value)) guesses.set('mysqlclient', from);
  }
  guesses.delete('django');
  const django =
    bound === undefined
      ? found('Django', 'manage.py')
      : found(`Django${bound.value}`, `${bound.from} uses what Django ${bound.value.slice(1)} no longer has`);
  return [django, ...[...guesses].map(([name, from]) => found(name, from))];
}

function note(sources: Sources, module: string, from: string, guesses: Map<string, string>): void {
  const top = module.split('.')[0] ?? '';
  if (top === '' || STANDARD_LIBRARY.has(top) || /^(django|asgiref|sqlparse)$/.test(top) || sources.hasModule(top)) return;
  const [name] = distributionsOf(top);
  if (name !== undefined && !guesses.has(name)) guesses.set(name, from);
}
