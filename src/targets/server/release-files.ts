import type { Json, Step } from '../../core/plan.js';
import { pinsFile, processDefinition } from '../release-files.js';
import { launchEnvironment, pinValue } from './credentials.js';
import { releaseFiles } from './layout.js';
import type { ServerHost, ServerOptions, ServerRelease } from './options.js';
import { stepsOn } from './step.js';

export { launchName, workingDirectory } from '../release-files.js';

/** Root's and the app's group's, which comes from the folder they are in. They hold no secret. */
const FOR_THE_APP = 0o640;

/** The app's group is its own. What the group may do is also the most that access control lists can give the edge: to write to its sockets. */
const UMASK = 0o007;

/** The pins, as the runtime package reads them; secrets in them are read from the environment. */
export const pinsStep = (release: ServerRelease, packages: readonly string[], host: ServerHost): Step =>
  pinsFile(
    { ...release, pins: release.pins.map((pin) => ({ ...pin, value: pinValue(pin.value) })) },
    packages,
    host.name,
    FOR_THE_APP,
  );

/** The file the launcher reads for one process. */
export function launchStep(
  release: ServerRelease,
  host: ServerHost,
  name: string,
  argv: readonly string[],
  env: { readonly [name: string]: Json } = {},
  folder = releaseFiles(release.options.layout, release.version).launch,
): Step {
  // Limits are the unit's; a process that is confined may not set them.
  const { descriptors: _, ...definition } = processDefinition(release, argv);
  const json: Json = { ...definition, umask: UMASK, argv: [...argv], env: { ...launchEnvironment(release), ...env } };
  const step = stepsOn(host.name, 'start');
  return step(`${folder.split('/').at(-1)}.${name}`, `how ${name} starts`, {
    kind: 'file',
    path: `${folder}/${name}.json`,
    content: { json },
    mode: FOR_THE_APP,
  });
}

/** A folder for a release that is being made: it belongs to the user who builds, and to the app's group. */
export const makeFolderSteps = (
  release: { readonly version: string; readonly options: Pick<ServerOptions, 'layout' | 'user'> },
  host: ServerHost,
  builder: string,
): Step[] => {
  const { layout, user } = release.options;
  const { folder, source } = releaseFiles(layout, release.version);
  const make = (mode: string, path: string) => ({ argv: ['install', '-d', '-o', builder, '-g', user, '-m', mode, '--', path] });
  const step = stepsOn(host.name, 'build');
  return [
    step('release.folder', 'folder of the release', { kind: 'run', command: make('2751', folder), check: { exists: folder } }),
    // Its files may be shared with other apps by hard links; who may read them is decided here.
    step('release.source', 'folder of its code', { kind: 'run', command: make('2750', source), check: { exists: source } }),
  ];
};

// Files that releases share through the store stay the builder's: the kernel lets nobody else link them again.
// https://docs.kernel.org/admin-guide/sysctl/fs.html#protected-hardlinks
const OWN = String.raw`! \( -type f -links +1 \)`;
const SEALED = `test -z "$(find "$1" ${OWN} ! -user root -print -quit; find "$1" ! -type l -perm /022 -print -quit)"`;
const SEAL = `find "$1" ${OWN} ! -user root -exec chown -h root -- {} +; chmod -R u+rwX,go+rX -- "$1/source"; chmod -R go-w -- "$1"; chmod 2750 -- "$1/source"`;

/** After it is made, a release is root's: what serves it cannot change it. */
export const sealStep = (release: Pick<ServerRelease, 'version' | 'options'>, host: ServerHost): Step => {
  const { folder } = releaseFiles(release.options.layout, release.version);
  const script = (text: string) => ({ argv: ['sh', '-euc', text, 'sh', folder], timeoutSeconds: 300 });
  return stepsOn(host.name, 'migrate')('release.seal', 'the release is read-only', {
    kind: 'run',
    command: script(SEAL),
    check: { command: script(SEALED) },
  });
};
