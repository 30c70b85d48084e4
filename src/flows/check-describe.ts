import type { Facts } from '../core/facts.js';
import { type Found, found } from '../core/found.js';
import type { Project, Variable } from '../core/project.js';
import type { Evidence } from '../findings/evidence.js';

/** Every detected value by name, with where it was read. Facts of a run stand over what was only read. */
export function describeDetected({ project, facts, probed, python, resolved }: Evidence): Record<string, Found<unknown>> {
  const ran = 'the settings, run';
  return defined({
    name: project.name,
    directory: project.directory.value === '' ? found('.', project.directory.from) : project.directory,
    managePy: project.managePy,
    settings: facts === undefined ? project.settings : found(facts.settingsModule, project.settings.from),
    settingsCandidates: several(project.settingsCandidates.slice(1)),
    configuration: project.configuration,
    django: facts === undefined ? project.django : found(facts.django, 'installed'),
    python:
      python === undefined
        ? project.python.preferred
        : found(python, project.python.preferred?.from ?? ranges(project) ?? 'the newest that fits'),
    pythonRequired: several(project.python.required),
    dependencies: found(
      [project.dependencies.manager.value, ...project.dependencies.files].join(' '),
      project.dependencies.manager.from,
    ),
    guessedDependencies: several(project.dependencies.guessed),
    wsgi: project.wsgi,
    asgi: project.asgi,
    interface: project.interface,
    server:
      resolved === undefined ? undefined : found(`${resolved.web.server} ×${resolved.web.workers}`, 'what `up` would start'),
    processes:
      project.processes.length === 0
        ? undefined
        : found(
            project.processes.map(({ name, kind, argv }) => ({ name, kind, argv })),
            sources(project.processes),
          ),
    services: several(project.services),
    ...databases(facts, probed ?? '', ran),
    caches: facts === undefined ? undefined : found(facts.caches, ran),
    admin: facts?.urls?.admin === undefined ? undefined : found(facts.urls.admin, 'the URLs, loaded'),
    health: facts?.urls?.health === undefined ? undefined : found(facts.urls.health, 'the URLs, loaded'),
    celery: facts?.celery === undefined ? undefined : found(facts.celery.app, ran),
    variables: project.variables.length === 0 ? undefined : found(project.variables.map(variable), sources(project.variables)),
    frontends:
      project.frontends.length === 0
        ? undefined
        : found(
            project.frontends.map(({ directory, manager, build }) => ({ directory, manager: manager.value, build })),
            sources(project.frontends),
          ),
    buildCommands: several(project.buildCommands),
    natives:
      project.natives.length === 0
        ? undefined
        : found(
            project.natives.map(({ wantedBy, packages, when }) => ({ wantedBy, packages, when })),
            'dependencies',
          ),
    missingFiles:
      project.missingFiles.length === 0
        ? undefined
        : found(
            project.missingFiles.map(({ path }) => path),
            sources(project.missingFiles),
          ),
    seeds: several(project.seeds),
    hints: several(project.hints),
  });
}

/** @param probed root of the copy that was run: the paths are the project's */
function databases(facts: Facts | undefined, probed: string, from: string): Record<string, Found<unknown>> {
  if (facts === undefined) return {};
  const own = (name: string | null) => (name?.startsWith(`${probed}/`) ? name.slice(probed.length + 1) : name);
  const told = Object.entries(facts.databases).map(([alias, { engine, name, host }]) => [
    alias,
    { engine, name: own(name), host },
  ]);
  return { databases: found(Object.fromEntries(told), from) };
}

/** Values of several places in one: the origins are joined. */
function several(list: readonly Found<unknown>[]): Found<unknown> | undefined {
  return list.length === 0
    ? undefined
    : found(
        list.map(({ value }) => value),
        sources(list),
      );
}

const sources = (list: readonly { readonly from: string }[]): string =>
  [...new Set(list.map(({ from }) => from))].slice(0, 4).join(', ');

const ranges = ({ python }: Project): string | undefined => (python.required.length === 0 ? undefined : sources(python.required));

/** A default may be a password: only whether there is one is told. */
const variable = ({ name, from, required, meaning, setting }: Variable) => ({
  name,
  from,
  required,
  ...(meaning === undefined ? {} : { meaning }),
  ...(setting === undefined ? {} : { setting }),
});

function defined(named: Readonly<Record<string, Found<unknown> | undefined>>): Record<string, Found<unknown>> {
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
