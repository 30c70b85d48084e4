import type { Evidence, Trouble } from '../evidence.js';
import type { Hit, Rule } from '../rule.js';

/** The project does not run as far as it must to be judged. */
export const projectRules: readonly Rule[] = [
  {
    id: 'project.does-not-load',
    severity: 'error',
    title: 'The settings do not load',
    page: {
      what: 'Run in a fresh environment with its declared dependencies, the settings module raises before it is through: a variable, a file or a module is missing, or a line is wrong.',
      risk: 'The release cannot start at all. Everything `check` says beside this finding was read from the source without running it, and is incomplete.',
      mend: 'The message names the line. A variable is given with `env:` in `slipway.yml` or `--env`, a file with `files:`, a module by adding its distribution to the requirements.',
      slipway: 'Fills the variables whose meaning it knows. `slipway init` writes a `slipway.yml` with blanks for the others.',
    },
    find: ({ failure, isInstalled, probed }) => (failure !== undefined && isInstalled ? [hit(failure, probed)] : []),
  },
  {
    id: 'environment.variable-unset',
    severity: 'error',
    title: 'A variable that the settings require has no value in this environment',
    page: {
      what: 'The settings read a variable that has no default, its meaning cannot be told from its name, and `slipway.yml` gives it no value for this environment. `check` went on with a made-up one.',
      risk: 'The release cannot start there: the settings raise before they are through.',
      mend: "Give it under the environment's `env:`, best as `{secret: NAME}` after `slipway secrets set NAME`.",
      slipway: 'On this machine it makes values up; anywhere else it refuses to deploy without them.',
    },
    find: ({ environment, unsetVariables = [] }) =>
      unsetVariables.map(({ value: name, from }) => ({
        message: `${name} is required and has no value in ${environment}`,
        hint: `environments: {${environment}: {env: {${name}: {secret: ${name}}}}}   # in slipway.yml; then slipway secrets set ${name} -e ${environment}`,
        where: from,
      })),
  },
  {
    id: 'environment.secret-unset',
    severity: 'info',
    title: 'A secret that slipway.yml names is not set here',
    page: {
      what: '`slipway.yml` refers to a secret, and this machine knows no value for it. `check` went on with a made-up one, so nothing else that it says is amiss.',
      risk: 'None where another machine deploys. A deployment from here is refused.',
      mend: '`slipway secrets set NAME`, with `-e` and the environment it is for.',
    },
    find: ({ environment, unsetSecrets = [] }) =>
      unsetSecrets.map((name) => ({
        message: `the secret ${name} is not set on this machine`,
        hint: `slipway secrets set ${name}${environment === 'local' ? '' : ` -e ${environment}`}`,
        where: 'slipway.yml',
      })),
  },
  {
    id: 'environment.cannot-be-made',
    severity: 'error',
    title: "The project's dependencies cannot be installed",
    page: {
      what: 'No interpreter fits, or one of the dependencies could not be downloaded or built on this machine.',
      risk: 'There is nothing to run. What works on the machine of its author only cannot be repaired in a hurry on another.',
      mend: 'The message names the package and what it lacks. `slipway doctor` lists everything that this machine lacks for this project.',
    },
    find: ({ failure, isInstalled }) => (failure !== undefined && !isInstalled ? [hit(failure)] : []),
  },
  {
    id: 'project.does-not-start',
    severity: 'error',
    title: 'Django does not start',
    page: {
      what: 'The settings load, and `django.setup()` or the checks that every command runs first raise: an app that cannot be imported, a model that is wrong, code in `ready()` that wants a database.',
      risk: 'No process of the release comes up. Code in `ready()` that asks a database fails whenever that database is away for a moment, and keeps the app from starting again.',
      mend: 'Run `python manage.py check` in the project and mend the line it names. Move queries out of `ready()` and out of module level.',
    },
    find: (evidence) => broken(evidence, 'setup'),
  },
  {
    id: 'project.check-crashes',
    severity: 'warning',
    title: 'The system checks crash',
    page: {
      what: '`manage.py check --deploy` ends with an exception instead of a list. Often it is a check of an installed app that wants a database or a network.',
      risk: 'What the other checks would have found stays unknown.',
      mend: 'Run `python manage.py check --deploy` by hand and mend what the traceback names.',
    },
    find: (evidence) => broken(evidence, 'check'),
  },
  {
    id: 'migrations.unreadable',
    severity: 'error',
    title: 'The migrations cannot be read',
    page: {
      what: 'Loading the migrations raises: one of them imports what is gone, or depends on one that is not there.',
      risk: 'No `migrate` runs, so neither a new release nor a fresh database comes up.',
      mend: 'Run `python manage.py makemigrations --check --dry-run` and mend the migration it names.',
    },
    find: (evidence) => broken(evidence, 'drift'),
  },
];

/** Paths of the copy that was run as the project's own. */
const hit = ({ message, hint, where }: Trouble, probed?: string): Hit => ({
  message: probed === undefined ? message : message.replaceAll(`${probed}/`, ''),
  hint,
  where,
});

/** With Slipway's pins it may well work: then `up` does. */
function broken({ troubles = [], pinned, probed }: Evidence, code: string): Hit[] {
  const own = troubles.find((trouble) => trouble.code === code);
  if (own === undefined) return [];
  const under = troubles.some((trouble) => trouble.code === `pinned-${code}`);
  return [{ ...hit(own, probed), handled: code !== 'drift' && pinned !== undefined && !under }];
}
