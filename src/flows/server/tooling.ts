import { Failure } from '../../core/failure.js';
import type { Step } from '../../core/plan.js';
import { apply } from '../../engine/apply.js';
import { toolPaths } from '../../ops/toolbox.js';
import { pythonIsBrought, pythonsFolder, uvBringsPython } from '../../ops/uv.js';
import type { Context } from '../context.js';
import { bringTools, findPythons, type Pythons } from '../toolbox.js';
import type { BuildTooling } from '../tooling.js';
import type { ServerApp } from './app.js';
import { bringLibraries } from './bring-libraries.js';
import type { Fleet } from './fleet.js';

/** What the server offers to build with; the lock of the deployment keeps others out. @param installed no other packages are being installed */
export function serverTooling(
  fleet: Pick<Fleet, 'apps'>,
  app: ServerApp,
  context: Context,
  installed: () => Promise<void>,
): BuildTooling {
  const folder = pythonsFolder(app.at.home);
  let pythons: Promise<Pythons> | undefined;
  const find = (): Promise<Pythons> => {
    pythons ??= findPythons(app.host, folder);
    return pythons;
  };
  const doing = (steps: readonly Step[]) => apply(steps, () => app.host, context.report, context.signal);
  let usual: Promise<void> | undefined;
  const bring: BuildTooling['bring'] = async (...wanted) => {
    usual ??= bringTools(app, [], find).then(doing);
    await usual;
    if (wanted.length > 0) await doing(await bringTools(app, wanted, find));
  };
  return {
    pythons: find,
    bring,
    bringPython: async (version) => {
      await bring();
      await doing([pythonStep(app, folder, version)]).catch((error: unknown) => {
        if (context.signal.aborted) throw error;
        const { message: what, hint, detail = '' } = Failure.from(error);
        const message = [what, ...detail.split('\n').filter((line) => /error|cause/.test(line))].join('; ');
        context.report({
          type: 'warning',
          warning: { code: 'python-not-brought', message, ...(hint === undefined ? {} : { hint }) },
        });
      });
      pythons = undefined;
      return find();
    },
    bringLibraries: async (why) => {
      await installed();
      return bringLibraries(fleet, app, context, why);
    },
  };
}

const pythonStep = ({ at, host, package: own }: ServerApp, folder: string, version: string): Step => {
  const { python, uv } = toolPaths(at.home);
  return {
    id: `python.${version}`,
    title: `Python ${version}`,
    stage: 'build',
    host: host.name,
    lane: 'environment',
    action: {
      kind: 'run',
      command: uvBringsPython({ toolPython: python, uv, scripts: own.tools }, folder, version),
      check: { command: pythonIsBrought(folder, version) },
    },
    failure: {
      code: 'PYTHON_NOT_BROUGHT',
      kind: 'environment',
      message: `uv could not bring Python ${version} to ${host.name}: another is used, if one fits`,
      hint: `put one below /opt, so that there is /opt/python${version}/bin/python${version}`,
    },
  };
};
