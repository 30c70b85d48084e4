import { createHash } from 'node:crypto';
import type { Env } from '../core/command.js';
import type { Facts, ProbeError } from '../core/facts.js';
import { parseProbe, probeCommand, type RuntimeRequest, type Want } from '../ops/runtime.js';
import { type Draft, pythonOf, runtimeRequest, withInterpreter } from './draft.js';
import { VERSION } from './package-files.js';
import { probeFailure } from './probe-failure.js';
import { readJson } from './toolbox.js';

const WANT: readonly Want[] = ['settings', 'apps', 'urls', 'celery', 'commands', 'migrations'];

/** Files whose change can change what the probe tells beside the settings themselves. */
const TELLING = /(^|\/)(manage|urls|routing|asgi|wsgi|celery|celeryapp|apps|tasks)\.py$/;

export type Probed = { readonly ok: true; readonly facts: Facts } | { readonly ok: false; readonly error: ProbeError };

/**
 * Asks the project's own Django, in its environment, without pins. An answer is kept and used again while nothing it depends on has changed.
 * @param settings the module to use; null: the one manage.py chooses
 */
export async function probe(draft: Draft, env: Env, settings: string | null, signal: AbortSignal): Promise<Probed> {
  const request = runtimeRequest(draft, settings);
  const cache = `${draft.app.at.state}/cache/probe-${hash(settings ?? '')}.json`;
  const known = await readJson(draft.app.host, cache);
  if (isKept(known) && known.key === answerKey(draft, env, settings, known.facts.settingsFiles))
    return { ok: true, facts: relocated(known.facts, known.source, request) };
  const { stdout, stderr } = await draft.app.host.exec(
    probeCommand(pythonOf(draft), request, WANT, withInterpreter(draft, env)),
    { signal },
  );
  const answer = parseProbe(stdout, stderr);
  if (answer.ok) {
    const kept: Kept = {
      key: answerKey(draft, env, settings, answer.facts.settingsFiles),
      source: request.root,
      facts: answer.facts,
    };
    await draft.app.host.write(cache, JSON.stringify(kept), 0o600);
  }
  return answer;
}

/** The facts, or the failure a person can act on. */
export async function probeOrFail(draft: Draft, env: Env, settings: string | null, signal: AbortSignal): Promise<Facts> {
  const answer = await probe(draft, env, settings, signal);
  if (answer.ok) return answer.facts;
  throw probeFailure(answer.error, draft.project);
}

interface Kept {
  readonly key: string;
  /** Root of the tree it was read from: paths below it are said anew. */
  readonly source: string;
  readonly facts: Facts;
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'key' in value && 'facts' in value && 'source' in value;

function answerKey(draft: Draft, env: Env, settings: string | null, settingsFiles: readonly string[]): string {
  const wanted = new Set(settingsFiles);
  const files = draft.tree.files.filter(
    ({ path }) => wanted.has(path) || TELLING.test(path) || !/\.(py|html|css|js|svg|png|jpe?g|txt|md|po|mo)$/.test(path),
  );
  const sums = files.map(({ path, sha256 }) => `${path} ${sha256}`);
  // Paths of the release are in some values; they change with every release and say nothing.
  const environment = JSON.stringify(env).replaceAll(draft.version, 'VERSION');
  return hash([VERSION, draft.environmentKey, environment, settings ?? '', draft.project.interface.value, ...sums].join('\n'));
}

function relocated(facts: Facts, from: string, request: RuntimeRequest): Facts {
  return from === request.root ? facts : JSON.parse(JSON.stringify(facts).replaceAll(from, request.root));
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);
