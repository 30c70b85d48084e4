import type { Candidate } from '../find-projects.js';
import { importedFiles } from '../find-projects.js';
import type { Expr, Module, Stmt } from '../python/ast.js';
import { allStatements, expressionsOf, within } from '../python/walk.js';
import type { Sources } from '../sources.js';
import { join } from '../tree.js';

/** A place that names a settings module. */
export interface Mention {
  readonly module: string;
  /** `manage.py:9` */
  readonly from: string;
  /** How much the place says about production; higher is more. */
  readonly weight: number;
}

const VARIABLE = 'DJANGO_SETTINGS_MODULE';

/** Which kinds of file say what runs in production. */
const WEIGHTS: readonly (readonly [RegExp, number])[] = [
  [/(^|\/)(tests?|testing|conftest\.py|docs?|ci|\.github|\.devcontainer)(\/|$)|(^|[-_./])(dev|local|test|ci)([-_./]|$)/i, 10],
  [/(^|\/)Procfile$/, 70],
  [/(^|\/)(app\.json|render\.yaml|fly\.toml|heroku\.yml|app\.yaml|.*\.service|.*uwsgi.*\.ini)$/, 66],
  [/Dockerfile|Containerfile/, 64],
  [/(prod|production|deploy)[^/]*\.ya?ml$/, 64],
  [/(^|\/)wsgi\.py$/, 60],
  [/(^|\/)asgi\.py$/, 58],
  [/(^|\/)manage\.py$/, 56],
  [/(^|\/)\.env$/, 54],
  [/compose[^/]*\.ya?ml$/, 50],
  [/(^|\/)celery(_app)?\.py$/, 46],
  [/\.env/, 40],
  [/(^|\/)__(init|main)__\.py$/, 40],
];

const weightOf = (path: string): number => WEIGHTS.find(([pattern]) => pattern.test(path))?.[1] ?? 20;

/** Everything in the tree that names a settings module that is there, best first. */
export function settingsMentions(sources: Sources, project: Candidate): Mention[] {
  const { tree } = sources;
  const scripts = [...(project.managePy === undefined ? [] : [project.managePy]), ...followed(sources, project)];
  const python = tree
    .named(/^(wsgi|asgi|celery|celery_app|routing|application)\.py$/)
    .filter((path) => sources.moduleOf(path) !== undefined);
  const mentions = [
    ...[...new Set([...scripts, ...python])].flatMap((path) => inPython(sources, path)),
    ...textFiles(sources).flatMap((path) => inText(sources, path)),
  ];
  return mentions.sort((a, b) => b.weight - a.weight);
}

/** Scripts that name settings which are not in the tree: generated, or kept elsewhere. */
export function absentSettings(sources: Sources): Mention[] {
  return sources.tree.named(/^(manage|wsgi|asgi)\.py$/).flatMap((path) => {
    const text = sources.tree.text(path) ?? '';
    const match = /DJANGO_SETTINGS_MODULE["']\]?\s*[,=]\s*["']([\w.]+)["']/.exec(text);
    const module = match?.[1];
    if (match === null || module === undefined || sources.moduleOf(path) === undefined || sources.fileOf(module) !== undefined)
      return [];
    return [{ module, from: `${path}:${text.slice(0, match.index).split('\n').length}`, weight: 0 }];
  });
}

/** Modules that manage.py hands over to. */
function followed(sources: Sources, project: Candidate): string[] {
  if (project.managePy === undefined) return sources.tree.named(/^__main__\.py$/);
  const text = sources.tree.text(project.managePy) ?? '';
  const files = importedFiles(project.managePy, text).map((file) => join(project.directory, file));
  return files.filter((file) => sources.tree.has(file) && (sources.tree.text(file) ?? '').includes(VARIABLE));
}

function inPython(sources: Sources, path: string): Mention[] {
  const module = sources.tree.text(path)?.includes(VARIABLE) === true ? sources.parse(path) : undefined;
  if (module === undefined) return [];
  return [...allStatements(module.body)].flatMap((stmt) => {
    const expressions = expressionsOf(stmt).flatMap((expr) => [...within(expr)]);
    if (!expressions.some((expr) => expr.kind === 'string' && expr.value === VARIABLE)) return [];
    return expressions.flatMap((expr) => moduleNames(sources, module, expr, path, stmt));
  });
}

/** Strings, and names that were given strings, that are modules of the project. */
function moduleNames(sources: Sources, module: Module, expr: Expr, path: string, stmt: Stmt): Mention[] {
  const texts = expr.kind === 'string' ? [expr.value] : expr.kind === 'name' ? assignedStrings(module, expr.name) : [];
  return texts
    .filter((text) => text.length > 2 && sources.fileOf(text) !== undefined)
    .map((text) => ({ module: text, from: `${path}:${expr.line || stmt.line}`, weight: weightOf(path) }));
}

function assignedStrings(module: Module, name: string): string[] {
  return [...allStatements(module.body)].flatMap((stmt) => {
    if (stmt.kind !== 'assign' || !stmt.targets.some((target) => target.kind === 'name' && target.name === name)) return [];
    return [...within(stmt.value)].flatMap((expr) => (expr.kind === 'string' ? [expr.value] : []));
  });
}

const TEXT_FILE =
  /^(Procfile.*|.*Dockerfile.*|Containerfile|.*compose.*\.ya?ml|\.?env[^/]*|.*\.env|pytest\.ini|setup\.cfg|tox\.ini|pyproject\.toml|app\.json|render\.yaml|fly\.toml|heroku\.yml|app\.yaml|.*\.service|.*uwsgi.*\.ini|.*-?entrypoint.*\.sh|Makefile)$/i;

const textFiles = (sources: Sources): string[] => sources.tree.named(TEXT_FILE).filter((path) => path.split('/').length <= 4);

function inText(sources: Sources, path: string): Mention[] {
  const text = sources.tree.text(path);
  if (text?.includes(VARIABLE) !== true && text?.includes('django_settings_module') !== true) return [];
  return text.split('\n').flatMap((line, index) => {
    const match = /(?:DJANGO_SETTINGS_MODULE|django_settings_module)["']?\s*[=: ]\s*["']?(?:\$\{[^}]*:-)?([\w.]+)/.exec(line);
    const module = match?.[1];
    if (module === undefined || /^\s*(#|;)/.test(line) || sources.fileOf(module) === undefined) return [];
    const isTest = /pytest|tox\.ini|setup\.cfg|pyproject/.test(path);
    return [{ module, from: `${path}:${index + 1}`, weight: isTest ? 5 : weightOf(path) }];
  });
}
