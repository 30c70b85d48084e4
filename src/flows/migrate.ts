import { createHash } from 'node:crypto';
import type { Resolution } from '../config/resolve/release.js';
import type { Env } from '../core/command.js';
import { Failure, type Warning } from '../core/failure.js';
import type { Project } from '../core/project.js';
import type { Job, TaskEvent } from '../ops/runtime.js';
import { stateFiles } from '../targets/local/layout.js';
import { checkWarnings } from './check-warnings.js';
import type { Context } from './context.js';
import { type Draft, pythonOf, runtimeRequest, withInterpreter } from './draft.js';
import { lackOf, outcomeOf, runTasks } from './tasks.js';
import { readJson } from './toolbox.js';

export interface Migrated {
  readonly applied: number;
  readonly warnings: readonly Warning[];
}

/**
 * Brings the databases to what the release's code expects, before it gets traffic. Skipped where no migration, environment or database
 * has changed since it was last done: the release's readiness looks at the database again in any case.
 * @throws Failure MIGRATIONS_CONFLICT, MIGRATIONS_MISSING, MIGRATION_FAILED (project)
 */
export async function migrate(
  draft: Draft,
  context: Context,
  settings: string,
  env: Env,
  { cacheTable, madeMigrations: made }: Pick<Resolution, 'cacheTable' | 'madeMigrations'>,
): Promise<Migrated> {
  const record = `${stateFiles(draft.app.at).data}/migrated.json`;
  const key = migrationKey(draft, env, { cacheTable, made });
  const known = await readJson(draft.app.runner, record);
  if (typeof known === 'object' && known !== null && 'key' in known && known.key === key) return { applied: 0, warnings: [] };
  const run = (jobs: readonly Job[]) =>
    runTasks(
      {
        host: draft.app.runner,
        project: draft.project,
        python: pythonOf(draft),
        request: runtimeRequest(draft, settings),
        env: withInterpreter(draft, env),
        report: context.report,
        signal: context.signal,
        step: 'migrate',
      },
      jobs,
    );
  if (made !== undefined) judgeMade(outcomeOf(await run([{ job: 'makemigrations', ...made }]), 'makemigrations'), made.labels);
  // Tables that were made before there were migrations of them are taken as they are.
  const asMade = made === undefined ? {} : ({ fake_initial: true } as const);
  // One interpreter for all: setting Django up costs more than the jobs.
  const events = await run([
    { job: 'plan', refuse: STRUCTURAL },
    ...(cacheTable ? [{ job: 'createcachetable' } as const] : []),
    { job: 'migrate', ...asMade },
    // Django's own `migrate` looks at these too; a web server never does.
    { job: 'check' },
  ]);
  const warnings = judgePlan(outcomeOf(events, 'plan'), draft.project);
  const outcome = outcomeOf(events, 'migrate');
  if (outcome?.event !== 'done') throw lackOf(outcome, draft.project) ?? migrationFailure(outcome);
  await draft.app.runner.write(record, JSON.stringify({ key }));
  return { applied: listOf(outcome['applied']).length, warnings: [...warnings, ...checkWarnings(outcomeOf(events, 'check'))] };
}

/** @throws Failure MIGRATIONS_MISSING where a person has to decide */
function judgeMade(outcome: TaskEvent | undefined, labels: readonly string[]): void {
  if (outcome?.event === 'done') return;
  throw new Failure('MIGRATIONS_MISSING', 'project', `Migrations of ${labels.join(', ')} cannot be made without a decision`, {
    detail: String(outcome?.['message'] ?? ''),
    hint: `python manage.py makemigrations ${labels.join(' ')}   # and commit them`,
  });
}

/** Operations without which the code of today cannot read its tables. */
const STRUCTURAL: readonly string[] = ['CreateModel', 'AddField', 'RenameField', 'RenameModel', 'AlterModelTable'];

/** @throws Failure MIGRATIONS_CONFLICT, MIGRATIONS_MISSING */
function judgePlan(plan: TaskEvent | undefined, project: Project): Warning[] {
  if (plan?.event !== 'done') throw lackOf(plan, project) ?? migrationFailure(plan);
  const conflicts = listOf(plan['conflicts']).filter(isConflict);
  if (conflicts.length > 0) {
    throw new Failure(
      'MIGRATIONS_CONFLICT',
      'project',
      `Two migrations follow the same one in ${conflicts.map(({ app }) => app).join(', ')}`,
      {
        detail: conflicts.map(({ app, names }) => `${app}: ${names.join(', ')}`).join('\n'),
        hint: 'python manage.py makemigrations --merge',
      },
    );
  }
  const missing = listOf(plan['missing']).filter(isMissing);
  const broken = missing.filter(({ kinds, own }) => own && kinds.some((kind) => STRUCTURAL.includes(kind)));
  if (broken.length > 0) {
    throw new Failure(
      'MIGRATIONS_MISSING',
      'project',
      `The models of ${broken.map(({ app }) => app).join(', ')} have changes that no migration makes`,
      {
        detail: broken.map(({ app, operations }) => `${app}: ${operations.join(', ')}`).join('\n'),
        hint: `python manage.py makemigrations ${broken.map(({ app }) => app).join(' ')}`,
      },
    );
  }
  return missing.map(({ app, operations }) => ({
    code: 'migrations-missing',
    message: `${app} has changes that no migration makes: ${operations.join(', ')}`,
    hint: `python manage.py makemigrations ${app}`,
  }));
}

interface Missing {
  readonly app: string;
  /** For people. */
  readonly operations: readonly string[];
  /** Their classes. */
  readonly kinds: readonly string[];
  /** False for an app that was installed, not the project's own. */
  readonly own: boolean;
}

interface Conflict {
  readonly app: string;
  readonly names: readonly string[];
}

const isConflict = (value: unknown): value is Conflict =>
  typeof value === 'object' && value !== null && 'app' in value && 'names' in value && Array.isArray(value.names);

const isMissing = (value: unknown): value is Missing =>
  typeof value === 'object' &&
  value !== null &&
  'app' in value &&
  'operations' in value &&
  'kinds' in value &&
  Array.isArray(value.kinds);

function migrationFailure(outcome: TaskEvent | undefined): Failure {
  const text = (name: string) => (typeof outcome?.[name] === 'string' ? outcome[name] : undefined);
  const which = text('migration');
  const sql = text('sql');
  const applied = listOf(outcome?.['applied']);
  const detail = [
    text('exception') ?? text('message'),
    ...(sql === undefined ? [] : [sql]),
    ...(applied.length === 0 ? [] : [`applied before it: ${applied.map(appliedName).join(', ')}`]),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
  return new Failure(
    'MIGRATION_FAILED',
    'project',
    which === undefined
      ? 'The migrations could not be run'
      : `Migration ${which} failed${text('operation') === undefined ? '' : ` at ${text('operation')}`}`,
    {
      detail,
      hint: 'mend what is said above and run the same command again; what is live stays live',
    },
  );
}

const appliedName = (item: unknown): string =>
  typeof item === 'object' && item !== null && 'app' in item && 'name' in item ? `${item.app}.${item.name}` : String(item);

function migrationKey(draft: Draft, env: Env, how: unknown): string {
  const files = draft.tree.files
    .filter(({ path }) => /(^|\/)migrations\//.test(path) || /(^|\/)models(\.py$|\/)/.test(path))
    .map(({ path, sha256 }) => `${path} ${sha256}`);
  const databases = Object.entries(env).filter(([name]) => /DATABASE|_DB|DB_|POSTGRES|MYSQL|SQL/.test(name));
  const parts = [draft.environmentKey, draft.project.settings.value, JSON.stringify(how), JSON.stringify(databases), ...files];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
