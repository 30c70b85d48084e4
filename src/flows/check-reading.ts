import type { Facts } from '../core/facts.js';
import type { Project } from '../core/project.js';
import type { Assignment, Reading } from '../findings/evidence.js';
import { readTracked } from '../project/git.js';
import type { Expr, Stmt } from '../project/python/ast.js';
import { bodyOf, dotted, expressionsOf, within } from '../project/python/walk.js';
import { runSettings } from '../project/settings/run.js';
import { Sources, searchPath } from '../project/sources.js';
import { readTree, type Tree } from '../project/tree.js';
import { secretsIn } from './check-secrets.js';
import { trackedSecrets } from './check-tracked.js';

/** What the findings want to know of the source itself: lines of settings, secrets that are written down, start commands. */
export async function readForFindings(project: Project, facts: Facts | undefined): Promise<Reading> {
  const tree = await readTree(project.root);
  const sources = new Sources(tree, searchPath(tree, project.directory.value));
  const files = settingsFiles(sources, project, facts);
  const modules = files.flatMap((path) => sources.parse(path) ?? []);
  const tracked = readTracked(tree.root);
  return {
    assignments: inOrder(sources, files),
    literals: modules.filter(({ path }) => tracked?.has(path) !== false).flatMap(({ path, body }) => secretsIn(path, body)),
    ...trackedSecrets(tree, tracked),
    servesMedia: servesMedia(sources),
    ...codeMarks(tree),
    developmentServers: developmentServers(tree),
  };
}

/** The files that were executed while the settings loaded; where they did not load, those that would have been. */
function settingsFiles(sources: Sources, project: Project, facts: Facts | undefined): readonly string[] {
  const module = facts?.settingsModule ?? project.settings.value;
  const read = runSettings(sources, module, project.configuration?.value).files;
  const ran = new Set(facts?.settingsFiles ?? []);
  const apart = [...ran].filter((path) => path.endsWith('.py') && !read.includes(path) && /settings|conf|env/.test(path));
  return [...apart, ...read];
}

/** Assignments as they take effect: those of a module that is taken over whole stand where it is. */
function inOrder(sources: Sources, files: readonly string[]): Assignment[] {
  const found = new Map<string, Assignment[]>();
  const seen = new Set<string>();
  const read = (path: string): Assignment[] => {
    if (seen.has(path) || !files.includes(path)) return [];
    seen.add(path);
    const parts = (sources.parse(path)?.body ?? []).map((stmt) => {
      const taken = starImport(sources, path, stmt);
      return taken === undefined ? [...assignmentsIn(path, [stmt], false)] : read(taken);
    });
    return parts.flat();
  };
  // The one that takes over the others comes last among those that were entered first.
  for (const path of files) found.set(path, read(path));
  return files.toReversed().flatMap((path) => found.get(path) ?? []);
}

function starImport(sources: Sources, path: string, stmt: Stmt): string | undefined {
  if (stmt.kind !== 'from' || !stmt.star) return undefined;
  const module = sources.absolute(path, stmt.level, stmt.module);
  return module === undefined ? undefined : sources.fileOf(module);
}

function* assignmentsIn(path: string, body: readonly Stmt[], conditional: boolean): Generator<Assignment> {
  for (const stmt of body) {
    if (stmt.kind === 'assign') {
      for (const target of stmt.targets) yield* assigned(path, target, stmt.value, conditional);
    } else if (stmt.kind === 'update') yield* assigned(path, stmt.target, undefined, conditional);
    else if (stmt.kind === 'expression') {
      for (const value of stmt.values) yield* changed(path, value, conditional);
    } else if (stmt.kind !== 'function') yield* assignmentsIn(path, bodyOf(stmt), true);
  }
}

function* assigned(path: string, target: Expr, value: Expr | undefined, conditional: boolean): Generator<Assignment> {
  if (target.kind === 'tuple' || target.kind === 'list') {
    for (const item of target.items) yield* assigned(path, item, undefined, conditional);
    return;
  }
  // `DATABASES['default']['NAME'] = …` sets a part of it.
  const setting = target.kind === 'index' ? rootOf(target) : target.kind === 'name' ? target.name : undefined;
  if (setting === undefined || !/^[A-Z][A-Z0-9_]*$/.test(setting)) return;
  const literal = target.kind === 'name' && value !== undefined ? literalOf(value) : undefined;
  yield { setting, where: `${path}:${target.line}`, conditional, ...(literal === undefined ? {} : { literal }) };
}

/** `INSTALLED_APPS.append(…)` and the like. */
function* changed(path: string, value: Expr, conditional: boolean): Generator<Assignment> {
  if (value.kind !== 'call' || value.callee.kind !== 'member') return;
  if (/^(append|extend|insert|update|setdefault|remove)$/.test(value.callee.name))
    yield* assigned(path, value.callee.object, undefined, conditional);
}

const rootOf = (expr: Expr): string | undefined => (expr.kind === 'index' ? rootOf(expr.object) : dotted(expr));

function literalOf(value: Expr): boolean | number | null | undefined {
  if (value.kind === 'bool') return value.value;
  if (value.kind === 'none') return null;
  return value.kind === 'number' && /^\d+(\.\d+)?$/.test(value.value) ? Number(value.value) : undefined;
}

/** Routes to Django's own file view that stand outside of `if settings.DEBUG`. */
function servesMedia(sources: Sources): string[] {
  return sources.tree.named('urls.py').flatMap((path) => {
    const text = sources.tree.text(path) ?? '';
    if (!/django\.views(\.static)?\b.*\b(serve|static)\b|static\.serve/.test(text)) return [];
    return [...routesToServe(sources.parse(path)?.body ?? [])].map((line) => `${path}:${line}`);
  });
}

function* routesToServe(body: readonly Stmt[]): Generator<number> {
  for (const stmt of body) {
    if (stmt.kind === 'if') continue;
    for (const expr of expressionsOf(stmt)) {
      for (const part of within(expr)) if (part.kind === 'call' && isRouteToMedia(part)) yield part.line;
    }
    yield* routesToServe(bodyOf(stmt));
  }
}

function isRouteToMedia(call: Extract<Expr, { kind: 'call' }>): boolean {
  const view = dotted(call.args[1] ?? { kind: 'none', line: 0 });
  return (
    /^(re_path|path|url)$/.test(dotted(call.callee) ?? '') &&
    /(^|\.)serve$/.test(view ?? '') &&
    JSON.stringify(call).includes('MEDIA_ROOT')
  );
}

const ASIDE =
  /(^|\/)(tests?|testing|migrations|docs?|examples?|fixtures|management)(\/|$)|(^|\/)(test_[^/]*|tests|conftest)\.py$/;

/** Single lines of code that some finding is about. */
function codeMarks(tree: Tree): Pick<Reading, 'fileFields' | 'taskImports'> {
  const fileFields: string[] = [];
  const taskImports: string[] = [];
  for (const { path } of tree.files) {
    if (!path.endsWith('.py') || ASIDE.test(path)) continue;
    const text = tree.text(path) ?? '';
    if (/(^|\/)models(\.py$|\/)/.test(path))
      fileFields.push(...lines(path, text, /\bmodels\.FileField\((?![^()]*(?:\([^()]*\)[^()]*)*validators)/g));
    if (text.includes('django.tasks')) taskImports.push(...lines(path, text, /^from django\.tasks import\b.*\btask\b/gm));
  }
  return { fileFields, taskImports };
}

const lines = (path: string, text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => `${path}:${text.slice(0, match.index).split('\n').length}`);

/** `manage.py runserver` in files that start the project in production. */
function developmentServers(tree: Tree): string[] {
  return tree
    .named(/^(Procfile|Dockerfile([.-]prod\w*)?|docker-compose[.-]prod\w*\.ya?ml|.*\.service)$/)
    .filter((path) => !/(^|\/)(tests?|docs?|examples?|\.devcontainer|dev|local)(\/|$)/.test(path))
    .flatMap((path) => {
      const lines = (tree.text(path) ?? '').split('\n');
      return lines.flatMap((line, at) => (/^\s*[^#]*manage\.py["',\s]+runserver/.test(line) ? [`${path}:${at + 1}`] : []));
    });
}
