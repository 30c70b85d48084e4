import { found } from '../core/found.js';
import type { Frontend } from '../core/project.js';
import type { Outcome } from './settings/outcome.js';
import { isTable, stringAt, tableAt } from './toml.js';
import { join, parentOf, type Tree } from './tree.js';

/** Scripts that make what is served, best first. */
const BUILD = [
  'build:production',
  'build:prod',
  'production',
  'prod',
  'build',
  'build-prod',
  'build:all',
  'dist',
  'compile',
  'build:css',
  'build:js',
];

type Manager = Frontend['manager']['value'];

const LOCKS: readonly (readonly [string, Manager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lockb', 'bun'],
  ['bun.lock', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

interface Package {
  readonly directory: string;
  readonly path: string;
  readonly scripts: Readonly<Record<string, unknown>>;
  readonly document: unknown;
}

/** Front-end builds whose output the settings or templates want and the tree lacks. */
export function frontends(tree: Tree, outcome: Outcome, apps: readonly string[]): Frontend[] {
  const packages = tree.named('package.json').flatMap((path) => readPackage(tree, path));
  const near = packages.filter(
    (one) =>
      !/(^|\/)(tests?|docs?|examples?|e2e|cypress|static_src)(\/|$)/.test(one.directory) && one.directory.split('/').length <= 4,
  );
  return near.flatMap((one) => frontend(tree, outcome, apps, one, near));
}

function readPackage(tree: Tree, path: string): Package[] {
  try {
    const document: unknown = JSON.parse(tree.text(path) ?? '');
    return isTable(document) ? [{ directory: parentOf(path), path, scripts: tableAt(document, 'scripts'), document }] : [];
  } catch {
    return [];
  }
}

function frontend(tree: Tree, outcome: Outcome, apps: readonly string[], one: Package, all: readonly Package[]): Frontend[] {
  const scripts = buildScripts(one);
  const [script] = scripts;
  const modules = nodeModulesUse(outcome, one) ?? installingMakes(tree, one);
  const why = script === undefined ? undefined : (reason(tree, outcome, apps, one, script, all) ?? undefined);
  if (why === undefined && modules === undefined) return [];
  const manager = managerOf(tree, one);
  const build = script === undefined || why === undefined ? [] : scripts.map((name) => [manager.value, 'run', name]);
  return [
    { directory: one.directory, manager, install: installCommand(tree, one, manager.value), build, from: why ?? modules ?? '' },
  ];
}

/** The one script that builds all, else those that build a part each. */
function buildScripts(one: Package): string[] {
  const main = BUILD.find((name) => typeof one.scripts[name] === 'string');
  if (main !== undefined) return [main];
  return Object.keys(one.scripts).filter((name) => /^build[:-]/.test(name) && !/watch|dev|test|storybook|docs/.test(name));
}

/** `STATICFILES_DIRS` that hold node_modules: installing is enough. */
function nodeModulesUse(outcome: Outcome, one: Package): string | undefined {
  const text = outcome.texts.find((item) => /node_modules/.test(item.value) && item.certainty !== 'never');
  if (text === undefined) return undefined;
  const fits = one.directory === '' || text.value.includes(one.directory) || !text.value.includes('/node_modules');
  return fits ? `${text.from} (${text.setting} wants node_modules)` : undefined;
}

/** Scripts that a package manager runs by itself when it installs. https://docs.npmjs.com/cli/using-npm/scripts */
const INSTALLING = ['preinstall', 'install', 'postinstall', 'prepare'];

/** A folder of static files that installing fills by a script of its own: installing is enough here too. */
function installingMakes(tree: Tree, one: Package): string | undefined {
  for (const name of INSTALLING) {
    const script = one.scripts[name];
    if (typeof script !== 'string') continue;
    for (const [path] of script.matchAll(/(?:[\w.@-]+\/)*static(?:files)?(?:\/[\w.@-]+)+/g)) {
      const folder = join(one.directory, path);
      const last = folder.split('/').at(-1) ?? '';
      if (!tree.has(folder) && !tree.hasFolder(folder) && usedInTemplates(tree, `${last}/`))
        return `${one.path} (\`${name}\` makes ${folder}, which a template wants)`;
    }
  }
  return undefined;
}

const LOADERS: Readonly<Record<string, string>> = {
  webpack_loader: 'webpack_loader',
  django_vite: 'django_vite',
  manifest_loader: 'manifest_loader',
  webpack_boilerplate: 'webpack_boilerplate',
  django_vite_plugin: 'django_vite_plugin',
  rollup_loader: 'rollup_loader',
  svelte_loader: 'svelte_loader',
};

function reason(
  tree: Tree,
  outcome: Outcome,
  apps: readonly string[],
  one: Package,
  script: string,
  all: readonly Package[],
): string | undefined {
  const loader = apps.find((app) => LOADERS[app.split('.')[0] ?? ''] !== undefined);
  if (loader !== undefined && (all.length === 1 || hasBundler(tree, one)))
    return `${loader} is an installed app and wants what \`${script}\` makes`;
  const missing = missingOutputs(tree, one);
  for (const output of missing) {
    const wanted = wantedBy(tree, outcome, output);
    if (wanted !== undefined) return `${wanted} wants ${output}, which \`${script}\` makes`;
  }
  const absent = absentStaticFolder(tree, outcome, one);
  if (absent !== undefined) return absent;
  return installedInDockerfile(tree, one, script, missing.length > 0);
}

const hasBundler = (tree: Tree, one: Package): boolean =>
  tree
    .filesIn(one.directory)
    .some((path) => /(vite|webpack|rollup|esbuild|rspack|parcel|vue)[\w.-]*\.(js|ts|mjs|cjs|json)$/.test(path)) ||
  Object.keys({ ...tableAt(one.document, 'devDependencies'), ...tableAt(one.document, 'dependencies') }).some((name) =>
    /^(vite|webpack|parcel|rollup|esbuild|@rspack)/.test(name),
  );

/** The folders and files a build writes, by its configuration and scripts, relative to the root, that the tree does not have. */
function missingOutputs(tree: Tree, one: Package): string[] {
  const configs = tree
    .filesIn(one.directory)
    .filter((path) =>
      /(vite|webpack|rollup|esbuild|rspack|angular|gulpfile|postcss|vue)[\w.-]*\.(js|ts|mjs|cjs|json)$/i.test(path),
    );
  const texts = [...configs.map((path) => tree.text(path) ?? ''), JSON.stringify(one.scripts)];
  const outputs = texts.flatMap((text) => [
    ...[...text.matchAll(/(?:outDir|outputPath|outputDir|publicPath|outfile|outdir)["']?\s*[:=]\s*["'`]([^"'`]+)["'`]/g)].map(
      (match) => match[1] ?? '',
    ),
    ...[...text.matchAll(/"outputPath":\s*\{\s*"base":\s*"([^"]+)"/g)].map((match) => match[1] ?? ''),
    ...[...text.matchAll(/[\w.@/-]*\/static\/[\w./-]+\.(?:css|js)\b/g)].map((match) => match[0]),
    ...[...text.matchAll(/path\.(?:resolve|join)\(\s*(?:__dirname|import\.meta\.dirname)\s*,([^)]*)\)/g)].map((match) =>
      [...(match[1] ?? '').matchAll(/["'`]([^"'`]+)["'`]/g)].map((part) => part[1] ?? '').join('/'),
    ),
    ...[
      ...text.matchAll(/(?:-o|--output|--out-dir|-d|--outfile|--outdir|--dist-dir|--output-style \w+ \S+:)[ =]([\w./-]+)/g),
    ].map((match) => match[1] ?? ''),
  ]);
  const paths = outputs
    .filter(
      (path) => path !== '' && !/^(https?:|\/)/.test(path) && !/\$\{/.test(path) && !/^(\.\/)?src(\/|$)|node_modules/.test(path),
    )
    .map((path) => join(one.directory, path).replace(/\/$/, ''));
  return paths.filter(
    (path) => !path.startsWith('..') && path !== '.' && path !== one.directory && !tree.has(path) && !tree.hasFolder(path),
  );
}

/** A setting or template that names a path's last parts. */
function wantedBy(tree: Tree, outcome: Outcome, output: string): string | undefined {
  const last = output.split('/').at(-1) ?? output;
  const text = outcome.texts.find(
    (item) =>
      /STATICFILES_DIRS|TEMPLATES|WEBPACK|VITE|STATIC_ROOT|MANIFEST|FRONTEND/.test(item.setting) &&
      item.value.split('/').includes(last),
  );
  if (text !== undefined) return `${text.setting} (${text.from})`;
  // Below a folder named static, Django's own finders serve it.
  return /(^|\/)static(files)?(\/|$)/.test(output) && usedInTemplates(tree, last) ? 'a template' : undefined;
}

function usedInTemplates(tree: Tree, name: string): boolean {
  const stem = name.endsWith('/') ? name : name.replace(/\.\w+$/, '');
  return tree.files.some(
    ({ path }) =>
      /\.(html|jinja2?)$/.test(path) &&
      /static|vite|bundle/.test(tree.text(path) ?? '') &&
      (tree.text(path) ?? '').includes(stem),
  );
}

/** A folder in STATICFILES_DIRS that is below the package and not there. */
function absentStaticFolder(tree: Tree, outcome: Outcome, one: Package): string | undefined {
  for (const { setting, value, from, certainty } of outcome.texts) {
    if (setting !== 'STATICFILES_DIRS' || certainty === 'never' || value.includes('node_modules')) continue;
    const path = value.replace(/^\.?\//, '');
    const inside =
      path === '' ? undefined : one.directory === '' ? path : path.startsWith(`${one.directory}/`) ? path : undefined;
    if (inside === undefined || (/^(static|assets)$/.test(inside) === false && !/dist|build|bundle|public|out/.test(inside)))
      continue;
    if (!tree.hasFolder(inside) && /dist|build|bundle/.test(inside))
      return `${setting} (${from}) wants ${inside}, which is not there`;
  }
  return undefined;
}

/** A production image that runs the script, where its output is not in the tree. */
function installedInDockerfile(tree: Tree, one: Package, script: string, missing: boolean): string | undefined {
  const files = tree
    .named(/Dockerfile|Containerfile|^build\.sh$|^heroku\.yml$/)
    .filter((path) => !/(^|[-_./])(dev|local|tests?|ci|docs?)([-_./]|$)/i.test(path));
  const command = new RegExp(`\\b(npm|yarn|pnpm|bun)\\b[^\\n&|]*\\b(run )?${script.replaceAll(/[:]/g, '\\$&')}\\b`);
  const path = files.find(
    (file) => command.test(tree.text(file) ?? '') && (one.directory === '' || (tree.text(file) ?? '').includes(one.directory)),
  );
  if (path === undefined) return undefined;
  return !missing && outputCommitted(tree, one) ? undefined : `${path} runs \`${script}\``;
}

const outputCommitted = (tree: Tree, one: Package): boolean =>
  ['dist', 'build', 'static/dist', 'static/build', 'static/bundles'].some((folder) =>
    tree.hasFolder(join(one.directory, folder)),
  );

function managerOf(tree: Tree, one: Package): Frontend['manager'] {
  const declared = /^(npm|yarn|pnpm|bun)@/.exec(stringAt(one.document, 'packageManager') ?? '')?.[1];
  if (declared === 'npm' || declared === 'yarn' || declared === 'pnpm' || declared === 'bun')
    return found(declared, `${one.path} packageManager`);
  for (const [name, manager] of LOCKS) {
    const path = join(one.directory, name);
    if (tree.has(path)) return found(manager, path);
  }
  return found('npm', 'default');
}

function installCommand(tree: Tree, one: Package, manager: Manager): string[] {
  const has = (name: string): boolean => tree.has(join(one.directory, name));
  switch (manager) {
    case 'pnpm':
      return has('pnpm-lock.yaml') ? ['pnpm', 'install', '--frozen-lockfile'] : ['pnpm', 'install'];
    case 'bun':
      return has('bun.lock') || has('bun.lockb') ? ['bun', 'install', '--frozen-lockfile'] : ['bun', 'install'];
    case 'yarn': {
      if (!has('yarn.lock')) return ['yarn', 'install'];
      // Yarn 2 and newer write `__metadata` and renamed the flag.
      const modern = /^__metadata:/m.test(tree.text(join(one.directory, 'yarn.lock')) ?? '');
      return ['yarn', 'install', modern ? '--immutable' : '--frozen-lockfile'];
    }
    default:
      return has('package-lock.json') || has('npm-shrinkwrap.json') ? ['npm', 'ci'] : ['npm', 'install'];
  }
}
