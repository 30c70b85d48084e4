import type { BeforeFacts } from '../config/resolve/input.js';
import { type Groundwork, groundwork } from '../config/resolve/release.js';
import type { Facts } from '../core/facts.js';
import { Failure, type Warning } from '../core/failure.js';
import type { Found } from '../core/found.js';
import type { Project } from '../core/project.js';
import type { Context } from './context.js';
import { withDiscovered } from './discovered-variable.js';
import { missingLibrary } from './missing-library.js';
import { probe } from './probe.js';
import { probeFailure } from './probe-failure.js';
import type { Workshop } from './workshop.js';

export interface ChosenSettings {
  readonly facts: Facts;
  /** The project with the settings module that works first. */
  readonly project: Project;
  readonly ground: Groundwork;
  /** What was known before, with what the settings turned out not to take. */
  readonly before: BeforeFacts;
  readonly warnings: readonly Warning[];
}

/** How often the ground may shift: each new answer can name another database, which fills other variables, or another thing that is lacking. */
const MOST_ROUNDS = 12;
/** How often variables may shift without end. */
const MOST_SHIFTS = 3;

/**
 * The first settings module of the project's that loads, with what it says. The one the user named is the only candidate. Where none loads,
 * the first that does with what it lacks added.
 * @throws Failure of the first candidate when none loads, LIBRARY_MISSING (environment) where the project does not start for the want of one
 */
export async function chooseSettings(
  workshop: Workshop,
  context: Context,
  before: BeforeFacts,
  first: Groundwork,
): Promise<ChosenSettings> {
  const own = before.choices.settingsModule;
  const { project } = workshop.draft();
  const known: readonly Found<string>[] = own === undefined ? project.settingsCandidates : [{ value: own, from: 'slipway.yml' }];
  const candidates = known.length === 0 ? [project.settings] : known;
  const failures: Failure[] = [];
  for (const supplying of [false, true]) {
    for (const candidate of candidates) {
      const outcome = await settled(workshop, context, before, first, candidate.value, supplying);
      if (outcome instanceof Failure) {
        failures.push(outcome);
        continue;
      }
      const lacking = await missingLibrary(workshop.draft().app.host, project, outcome.facts.problems);
      if (lacking !== undefined) throw lacking;
      const passed = candidate === candidates[0] ? [] : passedOver(candidates[0]?.value, candidate.value, failures[0]);
      const { variables } = outcome.before.project;
      return {
        ...outcome,
        project: { ...project, variables, settings: candidate },
        warnings: [...passed, ...workshop.warnings()],
      };
    }
  }
  throw failures[0] ?? new Failure('SETTINGS_NONE', 'project', 'There is no settings module to load');
}

const passedOver = (first: string | undefined, used: string, refused: Failure | undefined): Warning[] => [
  {
    code: 'settings-passed-over',
    message: `${first} does not load here, so ${used} is used: ${refused?.message}`,
    hint: refused?.hint ?? '',
  },
];

/** Runs the settings until what they say agrees with the variables, and the environment, they were run with. */
async function settled(
  workshop: Workshop,
  context: Context,
  known: BeforeFacts,
  first: Groundwork,
  module: string,
  supplying: boolean,
): Promise<Pick<ChosenSettings, 'facts' | 'ground' | 'before'> | Failure> {
  let before = known;
  let ground = first;
  let shifts = 0;
  for (let round = 1; ; round++) {
    const draft = workshop.draft();
    const more = round < MOST_ROUNDS;
    const answer = await probe(draft, { ...ground.variables.env, DJANGO_SETTINGS_MODULE: module }, module, context.signal);
    if (!answer.ok) {
      // A variable that the settings themselves index by a name they put together is the owner's to give.
      const isOwners = answer.error.message.startsWith('KeyError');
      const granted = more && supplying && !isOwners ? withDiscovered(before, [answer.error]) : undefined;
      if (granted !== undefined) {
        [before, ground] = [granted, groundwork(granted)];
        continue;
      }
      if (more && supplying && ((await workshop.supply(answer.error)) || (await workshop.placeExamples()))) continue;
      const withheld: BeforeFacts = { ...before, withoutDatabaseUrl: true };
      const parts = groundwork(withheld);
      if (more && supplying && before.withoutDatabaseUrl !== true && isOther(parts, ground)) {
        [before, ground] = [withheld, parts];
        continue;
      }
      const madeUp = ground.variables.placeholders.map(({ name }) => name);
      return probeFailure(answer.error, draft.project, madeUp);
    }
    const granted = more ? withDiscovered(before, answer.facts.problems) : undefined;
    before = granted ?? before;
    const next = groundwork(before, answer.facts);
    for (const wish of next.variables.secrets) await draft.app.secrets.ensure(wish.name, wish.shape);
    const shifted = isOther(next, ground) && (granted !== undefined || ++shifts < MOST_SHIFTS);
    const [lacking] = answer.facts.problems.filter(({ kind }) => kind === 'missing-module');
    const supplied = more && lacking !== undefined && (await workshop.supply(lacking));
    const added = more && (await workshop.add(next.additions.map(({ requirement }) => requirement)));
    if (!shifted && !supplied && !added) return { facts: answer.facts, ground: next, before };
    ground = next;
  }
}

const isOther = (one: Groundwork, other: Groundwork): boolean =>
  JSON.stringify(one.variables.env) !== JSON.stringify(other.variables.env);
