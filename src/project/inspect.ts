import { basename } from 'node:path';
import { Failure } from '../core/failure.js';
import { type Found, found } from '../core/found.js';
import type { Project } from '../core/project.js';
import { applications, chooseInterface } from './application.js';
import { dependencyOptions } from './dependencies/choose.js';
import { readPyproject } from './dependencies/pyproject.js';
import { djangoVersion, optionHints, settle, staleOutput } from './dependencies/settle.js';
import { type Candidate, theProject } from './find-projects.js';
import { pythonWish } from './python-wish.js';
import { rankSettings, unmentioned } from './settings/candidates.js';
import { settingsMentions } from './settings/mentions.js';
import { slug } from './slug.js';
import { Sources, searchPath } from './sources.js';
import { readTree, type Tree } from './tree.js';

/**
 * Everything the source tree says about how to run the project; none of it is run.
 * Throws PROJECT_NONE, PROJECT_SEVERAL or SETTINGS_NONE (kind project). What cannot be read becomes a hint.
 */
export async function inspect(directory: string): Promise<Project> {
  const tree = await treeOf(directory);
  const project = theProject(tree);
  const sources = new Sources(tree, searchPath(tree, project.directory));
  const settingsCandidates = findSettings(sources, project);
  const [settings] = settingsCandidates;
  if (settings === undefined) throw noSettings(project, tree);
  const options = dependencyOptions(tree, project.directory);
  const [chosen] = options;
  const django = djangoVersion(chosen);
  const apps = applications(sources, settings.value, {});
  return {
    root: tree.root,
    name: appName(tree),
    directory: found(project.directory, project.from),
    ...(project.managePy === undefined ? {} : { managePy: found(project.managePy, project.managePy) }),
    settings,
    settingsCandidates,
    python: pythonWish(tree, project.directory, chosen, django),
    dependencies: settle(chosen, project.directory, false, []),
    ...(django === undefined ? {} : { django }),
    ...apps,
    interface: chooseInterface(sources, apps, []),
    processes: [],
    services: [],
    variables: [],
    frontends: [],
    natives: [],
    missingFiles: [],
    seeds: [],
    hints: [...tree.notes, ...optionHints(chosen, options), ...(chosen === undefined ? [] : staleOutput(tree, chosen))],
    buildCommands: [],
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

function findSettings(sources: Sources, project: Candidate): Found<string>[] {
  const mentions = settingsMentions(sources, project);
  return rankSettings(sources, mentions.length > 0 ? mentions : unmentioned(sources), () => []);
}

function noSettings(project: Candidate, tree: Tree): Failure {
  const where = project.managePy ?? project.directory;
  return new Failure('SETTINGS_NONE', 'project', `${where} names no settings module that is in ${tree.root}`, {
    hint: 'Name it in slipway.yml: settings_module: shop.settings',
    detail:
      'Looked for DJANGO_SETTINGS_MODULE in manage.py, wsgi.py, asgi.py, celery.py, .env files, Procfile, Dockerfile, compose and pytest files, and for modules named settings that define INSTALLED_APPS.',
  });
}

function appName(tree: Tree): Found<string> {
  const manifest = readPyproject(tree, '');
  const declared = manifest === undefined || manifest === 'broken' ? undefined : manifest.name;
  if (declared !== undefined && slug(declared) !== 'app') return found(slug(declared), 'pyproject.toml');
  return found(slug(basename(tree.root)), 'the name of the folder');
}
