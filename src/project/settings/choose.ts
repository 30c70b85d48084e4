import { Failure } from '../../core/failure.js';
import type { Found } from '../../core/found.js';
import type { Packages } from '../dependencies/packages.js';
import type { Candidate } from '../find-projects.js';
import type { Sources } from '../sources.js';
import type { Tree } from '../tree.js';
import { rankSettings, unmentioned } from './candidates.js';
import { settingsMentions } from './mentions.js';
import { obstacles } from './obstacles.js';
import type { Outcome } from './outcome.js';
import { runSettings } from './run.js';
import { documentedNames, loadedNames } from './variables.js';

export interface ChosenSettings {
  readonly candidates: readonly Found<string>[];
  readonly settings: Found<string>;
  readonly outcome: Outcome;
  readonly configuration?: Found<string>;
}

/** The settings module to run with, and all others in the order to try them. Throws SETTINGS_NONE (kind project). */
export function chooseSettings(sources: Sources, project: Candidate, packages: Packages): ChosenSettings {
  const mentions = settingsMentions(sources, project);
  const configuration = findConfiguration(sources, project);
  const outcomes = new Map<string, Outcome>();
  const outcomeOf = (module: string): Outcome => {
    const outcome = outcomes.get(module) ?? runSettings(sources, module, configuration?.value);
    outcomes.set(module, outcome);
    return outcome;
  };
  const documented = documentedNames(sources.tree);
  const troubles = (module: string): string[] => {
    const outcome = outcomeOf(module);
    return obstacles(outcome, { packages, documented, given: loadedNames(sources, project.directory, outcome) });
  };
  const candidates = rankSettings(sources, mentions.length > 0 ? mentions : unmentioned(sources), troubles);
  const [settings] = candidates;
  if (settings === undefined) throw none(project, sources.tree);
  const chosen = { candidates, settings, outcome: outcomeOf(settings.value) };
  return configuration === undefined ? chosen : { ...chosen, configuration };
}

/** `DJANGO_CONFIGURATION` as the scripts set it; a class named for production wins over the one that scripts default to. */
function findConfiguration(sources: Sources, project: Candidate): Found<string> | undefined {
  const files = [
    ...(project.managePy === undefined ? [] : [project.managePy]),
    ...sources.tree.named(/^(wsgi|asgi|celery)\.py$/),
  ];
  for (const path of files.sort((a, b) => Number(a.endsWith('manage.py')) - Number(b.endsWith('manage.py')))) {
    const text = sources.tree.text(path) ?? '';
    const match = /DJANGO_CONFIGURATION["']\]?\s*[,=]\s*["'](\w+)["']/.exec(text);
    if (match === null) continue;
    const line = text.slice(0, match.index).split('\n').length;
    const named = match[1] ?? '';
    return { value: productionClass(sources) ?? named, from: `${path}:${line}` };
  }
  return undefined;
}

function productionClass(sources: Sources): string | undefined {
  for (const { path } of sources.tree.files) {
    if (!/settings/.test(path) || !path.endsWith('.py')) continue;
    const match = /^class (Prod|Production|Live)\(/m.exec(sources.tree.text(path) ?? '');
    if (match !== null) return match[1];
  }
  return undefined;
}

function none(project: Candidate, tree: Tree): Failure {
  const where = project.managePy ?? (project.directory || tree.root);
  return new Failure('SETTINGS_NONE', 'project', `${where} names no settings module that is in ${tree.root}`, {
    hint: 'Name it in slipway.yml: settings_module: shop.settings',
    detail:
      'Looked for DJANGO_SETTINGS_MODULE in manage.py, wsgi.py, asgi.py, celery.py, .env files, Procfile, Dockerfile, compose and pytest files, and for modules named settings that define INSTALLED_APPS.',
  });
}
