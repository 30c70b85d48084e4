import { basename } from 'node:path';
import { Failure } from '../core/failure.js';
import { type Found, found } from '../core/found.js';
import type { Project } from '../core/project.js';
import { applications, chooseInterface } from './application.js';
import { buildCommands } from './build-commands.js';
import { boundsOfCode } from './code-bounds.js';
import { dependencyOptions } from './dependencies/choose.js';
import { covering, neededModules } from './dependencies/cover.js';
import type { Option } from './dependencies/option.js';
import { merge } from './dependencies/packages.js';
import { readPyproject } from './dependencies/pyproject.js';
import { djangoVersion, optionHints, settle, staleOutput } from './dependencies/settle.js';
import { distributionsOf } from './distributions.js';
import { theProject } from './find-projects.js';
import { frontends } from './frontends.js';
import { guessDependencies } from './guessed.js';
import { mustInstall } from './install-project.js';
import { missingFiles } from './missing-files.js';
import { natives } from './natives.js';
import { projectProcesses } from './processes/processes.js';
import { pythonWish } from './python-wish.js';
import { findSeeds } from './seeds.js';
import { services } from './services.js';
import { chooseSettings } from './settings/choose.js';
import type { Outcome } from './settings/outcome.js';
import { loadedNames, variablesOf } from './settings/variables.js';
import { slug } from './slug.js';
import { Sources, searchPath } from './sources.js';
import { join, readTree, type Tree } from './tree.js';
import { treeHints } from './tree-hints.js';
import { unbuiltFiles } from './unbuilt.js';
import { uploadsFolder } from './uploads.js';

/**
 * Everything the source tree says about how to run the project; none of it is run.
 * Throws PROJECT_NONE, PROJECT_SEVERAL or SETTINGS_NONE (kind project). What cannot be read becomes a hint.
 */
export async function inspect(directory: string): Promise<Project> {
  const tree = await treeOf(directory);
  const project = theProject(tree);
  const sources = new Sources(tree, searchPath(tree, project.directory));
  const options = dependencyOptions(tree, project.directory);
  const { candidates, settings, outcome, configuration } = chooseSettings(
    sources,
    project,
    merge(...options.map((one) => one.packages)),
  );
  const { chosen, lacks } = covering(
    options,
    neededModules(outcome, (module) => sources.hasModule(module)),
  );
  const guessed = chosen === undefined ? guessDependencies(sources, outcome) : [];
  const installs = mustInstall(sources, project, chosen, sources.fileOf(settings.value) ?? '', settings.value, outcome);
  const bounds = chosen === undefined ? [] : boundsOfCode(sources, outcome, chosen.packages);
  const dependencies = {
    ...settle(chosen, project.directory, installs, guessed, undeclared(lacks), manifests(tree, chosen)),
    ...(bounds.length === 0 ? {} : { bounds }),
  };
  const packages = chosen?.packages ?? new Map(guessed.map((one) => [one.value.toLowerCase(), '']));
  const django = djangoVersion(chosen, bounds);
  const installed = installedApps(outcome);
  const apps = installed.map((app) => app.value);
  const gateways = applications(sources, settings.value, gatewaySettings(outcome));
  const { processes, hints: processHints } = projectProcesses({ sources, outcome, apps, packages });
  const variables = variablesOf(outcome, loadedNames(sources, project.directory, outcome));
  const commands = buildCommands(tree, outcome, apps, project.directory);
  const unbuilt = unbuiltFiles(tree);
  const { seeds, shippedStatic, hints: seedHints } = findSeeds(tree, outcome, project.directory);
  const uploads = uploadsFolder(outcome);
  return {
    root: tree.root,
    name: appName(tree),
    directory: found(project.directory, project.from),
    ...(project.managePy === undefined ? {} : { managePy: found(project.managePy, project.managePy) }),
    settings,
    settingsCandidates: candidates,
    ...(configuration === undefined ? {} : { configuration }),
    python: pythonWish(tree, project.directory, chosen, django, outcome.files),
    dependencies,
    ...(django === undefined ? {} : { django }),
    ...gateways,
    interface: chooseInterface(sources, gateways, installed),
    processes,
    services: services({ tree, outcome, variables, packages, processes, apps }),
    variables,
    frontends: frontends(tree, outcome, apps),
    natives: natives({
      tree,
      outcome,
      packages,
      compilesMessages: commands.some((one) => one.value.includes('compilemessages')),
    }),
    missingFiles: missingFiles(tree, outcome),
    ...(unbuilt.length === 0 ? {} : { unbuilt }),
    seeds,
    ...(uploads === undefined ? {} : { uploads }),
    ...(shippedStatic === undefined ? {} : { shippedStatic }),
    hints: [
      ...tree.notes,
      ...dependencyHints(tree, chosen, options, lacks),
      ...processHints,
      ...seedHints,
      ...treeHints(sources, outcome),
    ],
    buildCommands: commands,
  };
}

async function treeOf(directory: string): Promise<Tree> {
  try {
    return await readTree(directory);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why = code === 'ENOENT' ? 'There is no folder' : code === 'ENOTDIR' ? 'Not a folder:' : 'Cannot read';
    throw new Failure('PROJECT_NONE', 'project', `${why} ${directory}`, {
      hint: 'Name the folder of the project: slipway up DIR',
      cause: error,
    });
  }
}

/** Installed apps that are written out, whatever lists they come through. */
function installedApps(outcome: Outcome): Found<string>[] {
  return outcome.texts
    .filter((text) => /^(\w+_)?APPS$/.test(text.setting) && text.certainty !== 'never')
    .map((text) => found(text.value, text.from));
}

function gatewaySettings(outcome: Outcome): { wsgi?: Found<string>; asgi?: Found<string> } {
  const named = (name: string): Found<string> | undefined => {
    const setting = outcome.settings.get(name);
    return typeof setting?.value === 'string' ? found(setting.value, setting.from) : undefined;
  };
  const wsgi = named('WSGI_APPLICATION');
  const asgi = named('ASGI_APPLICATION');
  return { ...(wsgi === undefined ? {} : { wsgi }), ...(asgi === undefined ? {} : { asgi }) };
}

const manifests = (tree: Tree, chosen: Option | undefined): string[] =>
  ['pyproject.toml', 'setup.cfg', 'setup.py'].map((name) => join(chosen?.directory ?? '', name)).filter((path) => tree.has(path));

/** The distributions of undeclared modules, each once. */
function undeclared(lacks: readonly (readonly [string, string])[]): Found<string>[] {
  const all = lacks.map(([module, from]) => found(distributionsOf(module)[0] ?? module, from));
  return all.filter((one, at) => all.findIndex((other) => other.value === one.value) === at);
}

function dependencyHints(
  tree: Tree,
  chosen: Option | undefined,
  options: readonly Option[],
  lacks: readonly (readonly [string, string])[],
): Found<string>[] {
  const undeclared = lacks.map(([module, from]) =>
    found(`${module} is needed and no dependency declares it (${distributionsOf(module)[0]} would)`, from),
  );
  return [...optionHints(chosen, options), ...(chosen === undefined ? [] : staleOutput(tree, chosen)), ...undeclared];
}

function appName(tree: Tree): Found<string> {
  const manifest = readPyproject(tree, '');
  const declared = manifest === undefined || manifest === 'broken' ? undefined : manifest.name;
  if (declared !== undefined && slug(declared) !== 'app') return found(slug(declared), 'pyproject.toml');
  return found(slug(basename(tree.root)), 'the name of the folder');
}
