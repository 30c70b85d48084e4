import type { NativeNeed } from '../../core/project.js';
import { packagesInstalled } from '../../ops/apt.js';
import type { BuildFailure } from '../../ops/build-failure.js';
import { packageStep } from '../../targets/server/base.js';
import type { Context } from '../context.js';
import { sideBySide } from '../side-by-side.js';
import type { ServerApp } from './app.js';
import type { Fleet } from './fleet.js';
import { packagesToInstall } from './lacking-packages.js';
import { run } from './site.js';

/** What Python packages are built with, whatever else they want. */
const COMPILERS = ['build-essential', 'pkg-config', 'python3-dev'];

/**
 * Installs what the build of a Python package lacks, with compilers: on every host that will run it, since a library is needed there too.
 * @returns false where all of that was there already on the host that builds
 */
export async function bringLibraries(
  { apps }: Pick<Fleet, 'apps'>,
  builder: ServerApp,
  context: Context,
  why: BuildFailure,
): Promise<boolean> {
  const wanted = await packagesFor(builder, why);
  const { code } = await builder.system.exec(packagesInstalled(wanted));
  if (code === 0) return false;
  await sideBySide(apps, (app) => run(app, context)([packageStep(app.place, 'base.libraries', wanted)]));
  return true;
}

/** By the names of the host's own release. */
async function packagesFor({ system }: ServerApp, why: BuildFailure): Promise<string[]> {
  const need: NativeNeed = {
    wantedBy: why.package ?? '',
    when: 'build',
    packages: why.debian ?? [],
    probe: probeOf(why),
    onlyWithoutWheel: false,
  };
  return [...new Set([...COMPILERS, ...(await packagesToInstall(system, [need]))])].sort();
}

function probeOf({ code, missing = '' }: BuildFailure): NativeNeed['probe'] {
  if (code === 'HEADER_MISSING') return { header: missing };
  return code === 'LIBRARY_MISSING' ? { library: missing } : { program: missing };
}
