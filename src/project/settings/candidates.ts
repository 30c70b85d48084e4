import { type Found, found } from '../../core/found.js';
import type { Sources } from '../sources.js';
import { parentOf } from '../tree.js';
import type { Mention } from './mentions.js';

/** What the last part of a settings module's name says it is for. */
type Purpose = 'production' | 'platform' | 'plain' | 'base' | 'development' | 'test';

const PURPOSES: readonly (readonly [RegExp, Purpose])[] = [
  [/(^|_)(tests?|testing|ci|travis|pytest|e2e|unittest|circle|docs|build)(_|$|settings)/, 'test'],
  [/(^|_)(prod|production|live|deploy|deployment|prd)(_|$|settings)/, 'production'],
  [/(^|_)(heroku|docker|server|aws|gcp|azure|railway|render|fly|container|pythonanywhere|openshift|dokku)(_|$)/, 'platform'],
  [
    /(^|_)(dev|devel|develop|development|local|debug|sandbox|example|sample|demo|staging|stage|gitpod|vagrant|codespaces)(_|$|settings)/,
    'development',
  ],
  [/(^|_)(base|common|defaults?|shared|core|global|public)(_|$)/, 'base'],
];

export function purposeOf(module: string): Purpose {
  const last = module.split('.').at(-1) ?? '';
  return PURPOSES.find(([pattern]) => pattern.test(last.toLowerCase()))?.[1] ?? 'plain';
}

/** Ranks beside what mentions weigh (5 to 70). */
const RANK: Readonly<Record<Purpose, number>> = {
  production: 90,
  platform: 62,
  plain: 45,
  base: 15,
  development: 20,
  test: -100,
};
/** A module named for tests or development is not meant by whoever mentions it for something else. */
const MENTIONED: Readonly<Record<Purpose, number>> = {
  production: 25,
  platform: 8,
  plain: 0,
  base: -5,
  development: -8,
  test: -150,
};
const OBSTACLE = 60;

interface Ranked {
  readonly module: string;
  readonly rank: number;
  readonly from: string;
}

/**
 * Every settings module of the project, the one to use first, each with why. `obstacles` says what would keep a module from loading;
 * it is only asked where a module is preferred for its name.
 */
export function rankSettings(
  sources: Sources,
  mentions: readonly Mention[],
  obstacles: (module: string) => readonly string[],
): Found<string>[] {
  const modules = [...new Set([...mentions.map((mention) => mention.module), ...siblings(sources, mentions)])];
  const ranked = modules.map((module) => rank(module, mentions, obstacles));
  return ranked.sort((a, b) => b.rank - a.rank).map(({ module, from }) => found(module, from));
}

function rank(module: string, mentions: readonly Mention[], obstacles: (module: string) => readonly string[]): Ranked {
  const purpose = purposeOf(module);
  const best = mentions.find((mention) => mention.module === module);
  const mentioned = best === undefined ? -Infinity : best.weight + MENTIONED[purpose];
  const named = RANK[purpose] - (best === undefined && purpose !== 'production' ? 12 : 0);
  const byName = named > mentioned && (purpose === 'production' || purpose === 'platform');
  const trouble = purpose === 'test' ? [] : obstacles(module).filter((one) => mayMatter(purpose, one));
  const reason = best === undefined || byName ? `${describe(module, sourcesLine(best))}` : best.from;
  const suffix = trouble.length === 0 ? '' : `, but ${trouble.slice(0, 3).join('; ')}`;
  return { module, rank: Math.max(mentioned, named) - (trouble.length > 0 ? OBSTACLE : 0), from: `${reason}${suffix}` };
}

/** The module that the scripts name is expected to work with what it needs, unless it is no settings at all. */
const mayMatter = (purpose: Purpose, trouble: string): boolean =>
  purpose === 'production' || purpose === 'platform' || trouble.startsWith('it sets no');

const sourcesLine = (mention: Mention | undefined): string => (mention === undefined ? '' : ` (also ${mention.from})`);

function describe(module: string, also: string): string {
  const purpose = purposeOf(module);
  return purpose === 'plain'
    ? `a sibling of the settings in use${also}`
    : `named for ${purpose === 'platform' ? 'a platform' : purpose}${also}`;
}

/** Modules beside the mentioned ones that hold settings too. */
function siblings(sources: Sources, mentions: readonly Mention[]): string[] {
  const files = mentions.map((mention) => sources.fileOf(mention.module)).filter((file) => file !== undefined);
  const folders = new Set(files.map(parentOf));
  return [...folders].flatMap((folder) => {
    const inPackage = /(^|\/)(settings|config|conf|configs|environments)$/.test(folder) && /settings/.test(folder + files.join());
    return sources.tree
      .filesIn(folder)
      .filter(
        (path) =>
          path.endsWith('.py') && (inPackage || /settings/.test(path.slice(folder.length))) && holdsSettings(sources, path),
      )
      .map((path) => sources.moduleOf(path))
      .filter((module) => module !== undefined);
  });
}

/** Sets upper-case names, or takes them over from elsewhere. */
function holdsSettings(sources: Sources, path: string): boolean {
  const text = sources.tree.text(path) ?? '';
  return (
    /^(INSTALLED_APPS|DEBUG|DATABASES|ROOT_URLCONF|SECRET_KEY|ALLOWED_HOSTS|STATIC_URL|CACHES)\b/m.test(text) ||
    /^from \.?[\w.]* import \*/m.test(text)
  );
}

/** Settings modules for a project that mentions none: whatever defines INSTALLED_APPS. */
export function unmentioned(sources: Sources): Mention[] {
  return sources.tree.files.flatMap(({ path }) => {
    if (!/settings[^/]*\.py$|settings\/[^/]+\.py$/.test(path)) return [];
    const module = sources.moduleOf(path);
    if (module === undefined || !/^(INSTALLED_APPS|ROOT_URLCONF)\b/m.test(sources.tree.text(path) ?? '')) return [];
    return [{ module, from: path, weight: 30 - path.split('/').length }];
  });
}
