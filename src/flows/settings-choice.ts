import type { BeforeFacts } from '../config/resolve/input.js';
import { type Groundwork, groundwork } from '../config/resolve/release.js';
import type { Facts } from '../core/facts.js';
import { Failure, type Warning } from '../core/failure.js';
import type { Found } from '../core/found.js';
import type { Project } from '../core/project.js';
import type { Context } from './context.js';
import type { Draft } from './draft.js';
import { probe } from './probe.js';
import { probeFailure } from './probe-failure.js';

export interface ChosenSettings {
  readonly facts: Facts;
  /** The project with the settings module that works first. */
  readonly project: Project;
  readonly ground: Groundwork;
  readonly warnings: readonly Warning[];
}

/** How often the ground may shift: each new answer can name another database, which fills other variables. */
const MOST_ROUNDS = 3;

/**
 * The first settings module of the project's that loads, with what it says. The one the user named is the only candidate.
 * @throws Failure of the first candidate when none loads
 */
export async function chooseSettings(
  draft: Draft,
  context: Context,
  before: BeforeFacts,
  first: Groundwork,
): Promise<ChosenSettings> {
  const own = before.choices.settingsModule;
  const candidates: readonly Found<string>[] =
    own === undefined ? draft.project.settingsCandidates : [{ value: own, from: 'slipway.yml' }];
  const failures: Failure[] = [];
  for (const candidate of candidates.length === 0 ? [draft.project.settings] : candidates) {
    const outcome = await settled(draft, context, before, first, candidate.value);
    if (outcome instanceof Failure) {
      failures.push(outcome);
      continue;
    }
    const [refused] = failures;
    const warnings: Warning[] =
      refused === undefined
        ? []
        : [
            {
              code: 'settings-passed-over',
              message: `${candidates[0]?.value} does not load here, so ${candidate.value} is used: ${refused.message}`,
              hint: refused.hint ?? '',
            },
          ];
    return { ...outcome, project: { ...draft.project, settings: candidate }, warnings };
  }
  throw failures[0] ?? new Failure('SETTINGS_NONE', 'project', 'There is no settings module to load');
}

/** Runs the settings until what they say agrees with the variables they were run with. */
async function settled(
  draft: Draft,
  context: Context,
  before: BeforeFacts,
  first: Groundwork,
  module: string,
): Promise<Pick<ChosenSettings, 'facts' | 'ground'> | Failure> {
  let ground = first;
  for (let round = 1; ; round++) {
    const answer = await probe(draft, { ...ground.variables.env, DJANGO_SETTINGS_MODULE: module }, module, context.signal);
    if (!answer.ok) return probeFailure(answer.error, draft.project);
    const next = groundwork(before, answer.facts);
    for (const wish of next.variables.secrets) await draft.app.secrets.ensure(wish.name, wish.shape);
    if (round === MOST_ROUNDS || JSON.stringify(next.variables.env) === JSON.stringify(ground.variables.env))
      return { facts: answer.facts, ground: next };
    ground = next;
  }
}
