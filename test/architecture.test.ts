import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join, posix, relative } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './support/slipway.js';
import { imports, type Token, tokens } from './support/source-tokens.js';

interface Source {
  /** From the root of the repository, `/`-separated. */
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
}

const filesBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__') && extname(entry.name) !== '.pyc')
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const sources: readonly Source[] = filesBelow('src').map((path) => {
  const text = read(path);
  return { path, text, tokens: path.endsWith('.ts') ? tokens(text) : [] };
});

/** Everything a layer may name: other layers, and modules by pattern. What it has not, it must not import. */
interface Layer {
  readonly layers: readonly string[];
  readonly modules: RegExp;
}

const NONE = /^$/;
const READING = /^node:(fs|fs\/promises|path|crypto|os|url|timers\/promises)$/;
const ALL = ['core', 'project', 'config', 'ops', 'templates', 'targets', 'hosts', 'engine', 'findings', 'reporters', 'flows'];

const LAYERS: Readonly<Record<string, Layer>> = {
  core: { layers: [], modules: NONE },
  ops: { layers: ['core'], modules: NONE },
  templates: { layers: ['core'], modules: NONE },
  // Rules are functions of evidence, and what resolve decided is a part of it.
  findings: { layers: ['core', 'config'], modules: NONE },
  targets: { layers: ['core', 'ops', 'templates'], modules: /^zod$/ },
  engine: { layers: ['core'], modules: /^node:(?!child_process$)/ },
  reporters: { layers: ['core'], modules: /^node:(?!child_process$)/ },
  project: { layers: ['core'], modules: new RegExp(`${READING.source}|^(@lezer/python|smol-toml|yaml)$`) },
  config: { layers: ['core'], modules: new RegExp(`${READING.source}|^(yaml|zod)$`) },
  hosts: { layers: ['core'], modules: /^node:/ },
  flows: { layers: ALL, modules: /^node:(?!child_process$)|^age-encryption$/ },
  cli: { layers: ALL, modules: /^(?!node:child_process$)/ },
};

const layerOf = (path: string): string => path.split('/')[1] ?? '';
/** Undefined for what all targets share, which lies directly in their folder. */
const targetOf = (path: string): string | undefined => /^src\/targets\/([^/]+)\//.exec(path)?.[1];

const named = sources.flatMap((source) =>
  imports(source.tokens).map(({ specifier, line }) => ({
    from: source.path,
    where: `${source.path}:${line}`,
    specifier,
    to: specifier.startsWith('.') ? posix.join(dirname(source.path), specifier) : undefined,
  })),
);

const none = (found: readonly string[], rule: string): void => assert.deepEqual(found, [], rule);

test('the reader of imports sees them', () => {
  assert.ok(sources.length > 100, `${sources.length} files`);
  assert.ok(named.length > sources.length, `${named.length} imports`);
  for (const { path, tokens: all } of sources) {
    // A plain count of lines that begin an import: none of them may be missed.
    const lines = read(path).match(/^(?:import|export) .*from '[^']+';$|^\} from '[^']+';$|^import '[^']+';$/gm) ?? [];
    assert.ok(imports(all).length >= lines.length, path);
  }
});

test('every folder of src has its rule', () => {
  none(
    [...new Set(sources.map(({ path }) => layerOf(path)))].filter((layer) => LAYERS[layer] === undefined),
    'add it to the table',
  );
});

test('a layer imports only the layers below it', () => {
  none(
    named
      .filter(
        ({ from, to }) =>
          to !== undefined && layerOf(to) !== layerOf(from) && LAYERS[layerOf(from)]?.layers.includes(layerOf(to)) !== true,
      )
      .map(({ where, specifier }) => `${where} imports ${specifier}`),
    'see the table in this test',
  );
});

test('a layer imports only the modules it is allowed', () => {
  none(
    named
      .filter(({ from, to, specifier }) => to === undefined && LAYERS[layerOf(from)]?.modules.test(specifier) !== true)
      .map(({ where, specifier }) => `${where} imports ${specifier}`),
    'see the table in this test',
  );
});

test('no target imports another', () => {
  none(
    named
      .filter(
        ({ from, to }) =>
          to !== undefined && targetOf(from) !== undefined && targetOf(to) !== undefined && targetOf(from) !== targetOf(to),
      )
      .map(({ where, specifier }) => `${where} imports ${specifier}`),
    'what two targets share belongs to ops or templates, or directly to targets',
  );
});

test('an import names a file that is there', () => {
  const there = new Set(sources.map(({ path }) => path));
  none(
    named
      .filter(({ to }) => to !== undefined && !(to.endsWith('.js') && there.has(to.replace(/\.js$/, '.ts'))))
      .map(({ where, specifier }) => `${where} imports ${specifier}`),
    'relative imports end in .js and stay in src',
  );
});

test('a package that is imported has its reason, and one that has a reason is imported', () => {
  const manifest: unknown = JSON.parse(read('package.json'));
  assert.ok(typeof manifest === 'object' && manifest !== null && 'devDependencies' in manifest && !('dependencies' in manifest));
  const installed = Object.keys(manifest.devDependencies ?? {});
  const dependencies = [...read('docs/decisions/0002-runtime-dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(
    ([, name = '']) => name,
  );
  none(
    dependencies.filter((name) => !installed.includes(name)),
    'add it to devDependencies: it is built into the command',
  );
  const used = new Set(
    named.filter(({ to, specifier }) => to === undefined && !isBuiltin(specifier)).map(({ specifier }) => packageOf(specifier)),
  );
  none(
    [...used].filter((name) => !dependencies.includes(name)),
    'give it a row in docs/decisions/0002',
  );
  none(
    dependencies.filter((name) => !used.has(name)),
    'nothing imports it: take it away',
  );
  none(
    named.filter(({ specifier }) => isBuiltin(specifier) && !specifier.startsWith('node:')).map(({ where }) => where),
    'write node:…',
  );
});

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

test('names say what is in them', () => {
  const vague = /^(utils?|helpers?|common|misc|shared|manager|handler|lib|stuff)$/;
  none(
    [...filesBelow('src'), ...filesBelow('python')].filter((path) =>
      path.split('/').some((part) => vague.test(part.replace(/\.\w+$/, '').toLowerCase())),
    ),
    'name the one thing that is in it',
  );
  none(
    sources.flatMap(({ path, tokens: all }) =>
      all.flatMap((token, index) =>
        all[index - 1]?.text === 'class' && /(Manager|Service|Handler|Helper|Util)s?$/.test(token.text)
          ? [`${path}:${token.line} ${token.text}`]
          : [],
      ),
    ),
    'name the class after what it is',
  );
});

/** Signs and words after which `any` is a type. */
const BEFORE_TYPE = new Set([':', '<', '|', '&', 'as', 'is', 'extends', '=>', 'keyof']);

test('types are not silenced', () => {
  const found = sources.flatMap(({ path, tokens: all }) =>
    all.flatMap((token, index) => {
      const before = all[index - 1];
      const code = token.kind === 'word' && before !== undefined;
      const any =
        code && token.text === 'any' && before.kind !== 'string' && BEFORE_TYPE.has(before.text) && all[index + 1]?.text !== '(';
      const cast = code && token.text === 'unknown' && before.text === 'as' && all[index + 1]?.text === 'as';
      const silenced = token.kind === 'comment' && /@ts-(ignore|nocheck|expect-error)/.test(token.text);
      return any || cast || silenced ? [`${path}:${token.line} ${token.text.slice(0, 40)}`] : [];
    }),
  );
  none(found, 'parse at the border instead');
});

test('no file is long', () => {
  none(
    [...filesBelow('src'), ...filesBelow('python')]
      .filter((path) => /\.(ts|py)$/.test(path))
      .flatMap((path) => {
        const lines = read(path).split('\n').length - 1;
        return lines > 400 ? [`${path}: ${lines} lines`] : [];
      }),
    'split it by what changes together',
  );
});

test('only the command line prints or ends the process', () => {
  const found = sources
    .filter(({ path }) => layerOf(path) !== 'cli')
    .flatMap(({ path, tokens: all }) =>
      all.flatMap((token, index) => {
        const member = all[index + 1]?.text === '.' ? all[index + 2]?.text : undefined;
        const prints = token.kind === 'word' && token.text === 'console';
        const ends =
          token.kind === 'word' &&
          token.text === 'process' &&
          ['exit', 'exitCode', 'stdout', 'stderr', 'stdin'].includes(member ?? '');
        return prints || ends ? [`${path}:${token.line} ${token.text}.${member}`] : [];
      }),
    );
  none(found, 'report an event, return a result or throw a Failure');
});

/** Real projects that Slipway is tried on: what works for them must work for all, so their names have no place in the product. */
const TRIED_ON = [
  'consideratecode',
  'django-tutorial-step-by-step',
  'testdrivenio',
  'django-on-docker',
  'hello_django',
  'locallibrary',
  'sample-django',
  'wsvincent',
  'lithium',
  'justdjango',
  'djecommerce',
  'django-ecommerce',
  'sibtc',
  'django-beginners-guide',
  'djangocrm',
  'django-crm',
  'webcrm',
  'civiwiki',
  'healthchecks',
  'bugsink',
  'bakerydemo',
  'andrewgodwin',
  'channels-examples',
  'djangopackages',
  'uninett',
  'argus',
  'etesync',
  'etebase',
  'graphite',
  'netbox',
  'wger',
  'tandoor',
  'paperless',
  'mediacms',
];

test('no project is a special case', () => {
  const pattern = new RegExp(`(?<![a-z0-9])(?:${TRIED_ON.join('|')})(?![a-z0-9])`, 'i');
  none(
    [...filesBelow('src'), ...filesBelow('python')].flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
    ),
    'say what is meant without its name',
  );
});
