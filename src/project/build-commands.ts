import { type Found, found } from '../core/found.js';
import type { Outcome } from './settings/outcome.js';
import { truth } from './settings/value.js';
import type { Tree } from './tree.js';

const manage = (from: string, ...args: string[]): Found<readonly string[]> => found(['python', 'manage.py', ...args], from);

/**
 * The project's own build commands that its tree shows are needed, in the order they must run.
 * @param directory the one of manage.py, where they run
 */
export function buildCommands(
  tree: Tree,
  outcome: Outcome,
  apps: readonly string[],
  directory: string,
): Found<readonly string[]>[] {
  return [...messages(tree, outcome, directory), ...styles(tree, apps), ...compress(outcome, apps)];
}

/** Translations whose compiled form is not in the tree; those beside the project `compilemessages` does not look for. */
function messages(tree: Tree, outcome: Outcome, directory: string): Found<readonly string[]>[] {
  const i18n = outcome.settings.get('USE_I18N');
  if (i18n !== undefined && truth(i18n.value) === false) return [];
  const source = tree.files.find(
    ({ path }) =>
      (directory === '' || path.startsWith(`${directory}/`)) &&
      /(^|\/)locale\/[^/]+\/LC_MESSAGES\/django(js)?\.po$/.test(path) &&
      !/(^|\/)(tests?|docs?|site-packages)\//.test(path) &&
      !tree.has(path.replace(/\.po$/, '.mo')),
  );
  return source === undefined ? [] : [manage(`${source.path} is not compiled`, 'compilemessages')];
}

/** django-tailwind's output, which some projects commit. */
const hasTailwindOutput = (tree: Tree): boolean =>
  tree.files.some(({ path }) => /(^|\/)static\/css\/dist\/[\w-]+\.css$/.test(path));

function styles(tree: Tree, apps: readonly string[]): Found<readonly string[]>[] {
  const has = (name: string): boolean => apps.some((app) => app === name || app.startsWith(`${name}.`));
  return [
    ...(has('tailwind') && !hasTailwindOutput(tree)
      ? [manage('tailwind in INSTALLED_APPS', 'tailwind', 'install'), manage('tailwind in INSTALLED_APPS', 'tailwind', 'build')]
      : []),
    ...(has('django_tailwind_cli') ? [manage('django_tailwind_cli in INSTALLED_APPS', 'tailwind', 'build')] : []),
    ...(has('sass_processor') ? [manage('sass_processor in INSTALLED_APPS', 'compilescss')] : []),
    ...(has('django_js_reverse') ? [manage('django_js_reverse in INSTALLED_APPS', 'collectstatic_js_reverse')] : []),
  ];
}

function compress(outcome: Outcome, apps: readonly string[]): Found<readonly string[]>[] {
  const offline = outcome.settings.get('COMPRESS_OFFLINE');
  if (!apps.some((app) => app === 'compressor' || app.startsWith('compressor.')) || offline === undefined) return [];
  return truth(offline.value) === true ? [manage(offline.from, 'compress')] : [];
}
