import type { Found } from '../../core/found.js';
import type { ProjectProcess } from '../../core/project.js';
import type { Packages } from '../dependencies/packages.js';
import { mentioning } from '../mentions-of.js';
import type { Stmt } from '../python/ast.js';
import { allStatements, dotted, expressionsOf, within } from '../python/walk.js';
import type { Outcome } from '../settings/outcome.js';
import { isMapping } from '../settings/value.js';
import type { Sources } from '../sources.js';

/** What the settings and dependencies say about task queues. */
export interface Clues {
  readonly sources: Sources;
  readonly outcome: Outcome;
  readonly apps: readonly string[];
  readonly packages: Packages;
}

const manage = (name: string, kind: ProjectProcess['kind'], from: string, ...args: string[]): ProjectProcess => ({
  name,
  kind,
  argv: ['python', 'manage.py', ...args],
  from,
});

/** `module:attribute` of the Celery application. */
export function celeryApp(sources: Sources): Found<string> | undefined {
  const paths = mentioning(sources.tree, 'Celery(').sort(
    (a, b) => Number(b.endsWith('celery.py')) - Number(a.endsWith('celery.py')) || a.length - b.length,
  );
  for (const path of paths) {
    const module = sources.moduleOf(path);
    for (const stmt of sources.parse(path)?.body ?? []) {
      const [target] = stmt.kind === 'assign' ? stmt.targets : [];
      if (stmt.kind !== 'assign' || target?.kind !== 'name' || stmt.value.kind !== 'call' || module === undefined) continue;
      if (/(^|\.)Celery$/.test(dotted(stmt.value.callee) ?? ''))
        return { value: `${module}:${target.name}`, from: `${path}:${stmt.line}` };
    }
  }
  return undefined;
}

/** Queues that tasks are sent to, where written out; empty when all go to the default one. */
function queues({ sources, outcome }: Clues): string[] {
  const names = new Set<string>();
  for (const { setting, value } of outcome.texts) {
    if (
      /^(CELERY_)?(TASK_)?ROUTES\b.*\.queue$|^(CELERY_)?TASK_QUEUES\b|^CELERY_QUEUES\b/i.test(setting) &&
      /^[\w.-]+$/.test(value)
    )
      names.add(value);
  }
  for (const path of mentioning(sources.tree, 'shared_task', '.task(', 'apply_async', 'task_routes', 'task_queues')) {
    const text = sources.tree.glance(path) ?? '';
    for (const match of text.matchAll(
      /\bqueue\s*=\s*["']([\w.-]+)["']|["']queue["']\s*:\s*["']([\w.-]+)["']|\bQueue\(\s*["']([\w.-]+)["']/g,
    )) {
      names.add(match[1] ?? match[2] ?? match[3] ?? '');
    }
  }
  const fallback = outcome.texts.find(({ setting }) => /^CELERY_(TASK_)?DEFAULT_QUEUE$/.test(setting))?.value ?? 'celery';
  names.delete('');
  return names.size === 0 ? [] : [...new Set([fallback, ...names])];
}

function beat({ sources, outcome, apps }: Clues, app: string): ProjectProcess[] {
  if (apps.includes('django_celery_beat')) {
    const scheduler = 'django_celery_beat.schedulers:DatabaseScheduler';
    return [
      {
        name: 'beat',
        kind: 'beat',
        argv: ['celery', '-A', app, 'beat', '--scheduler', scheduler],
        from: 'django_celery_beat in INSTALLED_APPS',
      },
    ];
  }
  const setting = ['CELERY_BEAT_SCHEDULE', 'CELERYBEAT_SCHEDULE', 'BEAT_SCHEDULE'].find((name) => outcome.settings.has(name));
  const value = setting === undefined ? undefined : outcome.settings.get(setting);
  const empty = value !== undefined && isMapping(value.value) && value.value.size === 0;
  const from = value !== undefined && !empty ? value.from : scheduledIn(sources);
  return from === undefined ? [] : [{ name: 'beat', kind: 'beat', argv: ['celery', '-A', app, 'beat'], from }];
}

function scheduledIn(sources: Sources): string | undefined {
  for (const path of mentioning(sources.tree, 'beat_schedule', 'add_periodic_task', 'periodic_task')) {
    const text = sources.tree.glance(path) ?? '';
    const at = text.search(/\.beat_schedule\s*=|\bbeat_schedule\s*=\s*\{\s*["']|add_periodic_task\(|@periodic_task/);
    if (at >= 0 && /celery/i.test(text)) return `${path}:${text.slice(0, at).split('\n').length}`;
  }
  return undefined;
}

function celery(clues: Clues): ProjectProcess[] {
  const app = clues.packages.has('celery') || clues.packages.size === 0 ? celeryApp(clues.sources) : undefined;
  if (app === undefined) return [];
  const names = queues(clues);
  const argv = ['celery', '-A', app.value, 'worker', ...(names.length > 0 ? ['-Q', names.join(',')] : [])];
  return [{ name: 'worker', kind: 'worker', argv, from: app.from }, ...beat(clues, app.value)];
}

function rq({ apps, outcome }: Clues): ProjectProcess[] {
  if (!apps.includes('django_rq')) return [];
  const configured = outcome.settings.get('RQ_QUEUES')?.value;
  const names = isMapping(configured) && configured.size > 0 ? [...configured.keys()] : ['default'];
  return [manage('worker', 'worker', 'django_rq in INSTALLED_APPS', 'rqworker', ...names)];
}

/** Installed apps that bring a worker command. */
const WORKER_APPS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^huey\.contrib\.djhuey|^bx_django_utils.*huey|^huey_monitor/, ['run_huey']],
  [/^django_q(\.|$)/, ['qcluster']],
  [/^django_dramatiq(\.|$)/, ['rundramatiq']],
  [/^django_tasks\.backends\.database|^django_tasks_db(\.|$)/, ['db_worker']],
  [/^background_task(\.|$)/, ['process_tasks']],
  [/^procrastinate\.contrib\.django/, ['procrastinate', 'worker']],
];

/** Workers of the libraries the project uses. */
export function libraryProcesses(clues: Clues): ProjectProcess[] {
  const installed = WORKER_APPS.flatMap(([pattern, args]) => {
    const app = clues.apps.find((name) => pattern.test(name));
    return app === undefined ? [] : [manage('worker', 'worker', `${app} in INSTALLED_APPS`, ...args)];
  });
  return [...celery(clues), ...rq(clues), ...installed, ...channelWorkers(clues)];
}

/** `ChannelNameRouter({"thumbnails": …})` is served by `runworker thumbnails`. */
function channelWorkers({ sources }: Clues): ProjectProcess[] {
  for (const path of sources.tree.named(/^(routing|asgi)\.py$/)) {
    if (!/ChannelNameRouter/.test(sources.tree.text(path) ?? '')) continue;
    for (const stmt of allStatements(sources.parse(path)?.body ?? [])) {
      const names = [...namesRouted(stmt)];
      if (names.length > 0) return [manage('channels', 'worker', `${path}:${stmt.line}`, 'runworker', ...names)];
    }
  }
  return [];
}

function* namesRouted(stmt: Stmt): Generator<string> {
  for (const expr of expressionsOf(stmt).flatMap((one) => [...within(one)])) {
    if (expr.kind !== 'call' || !/ChannelNameRouter$/.test(dotted(expr.callee) ?? '')) continue;
    const [map] = expr.args;
    if (map?.kind === 'dict') for (const { key } of map.entries) if (key.kind === 'string') yield key.value;
  }
}
