import type { Tree } from './tree.js';

/** What is looked for in every Python file of a project, so that each file is read once, however large the tree. */
const WORDS = [
  'Celery(',
  'shared_task',
  '.task(',
  'apply_async',
  'task_routes',
  'task_queues',
  'add_periodic_task',
  'beat_schedule',
  'periodic_task',
  'ProtocolTypeRouter',
  'websocket_urlpatterns',
  'async def ',
  'init_oracle_client(',
  'subprocess',
  'which(',
] as const;

export type Word = (typeof WORDS)[number];

/** One pass over a file finds them all; longer words stand before those they hold. */
const ANY =
  /Celery\(|shared_task|\.task\(|apply_async|task_routes|task_queues|add_periodic_task|periodic_task|beat_schedule|ProtocolTypeRouter|websocket_urlpatterns|async def |init_oracle_client\(|subprocess|which\(/g;

/** Not part of what runs in production. */
const ASIDE = /(^|\/)(tests?|docs?|examples?|migrations|site-packages)(\/|$)|(^|\/)(test_[^/]*|conftest|setup)\.py$/;

export const isAside = (path: string): boolean => ASIDE.test(path);

const known = new WeakMap<Tree, ReadonlyMap<Word, readonly string[]>>();

/** Python files, tests and migrations left out, that hold any of these words; sorted by path. */
export function mentioning(tree: Tree, ...words: readonly Word[]): string[] {
  const index = known.get(tree) ?? build(tree);
  return [...new Set(words.flatMap((word) => index.get(word) ?? []))].sort();
}

function build(tree: Tree): ReadonlyMap<Word, readonly string[]> {
  const index = new Map<Word, string[]>(WORDS.map((word) => [word, []]));
  for (const { path } of tree.files) {
    if (!path.endsWith('.py') || isAside(path)) continue;
    const text = tree.glance(path) ?? '';
    const found = new Set<string>(text.match(ANY));
    for (const [word, paths] of index) if (found.has(word)) paths.push(path);
  }
  known.set(tree, index);
  return index;
}
