import { quote } from '../core/command.js';
import { Failure } from '../core/failure.js';
import { apply } from '../engine/apply.js';
import { endFound, findHolders, findStrays } from '../hosts/strays.js';
import { rpc } from '../ops/supervisor.js';
import { OWNER_VARIABLE, sockets, stateFiles } from '../targets/local/layout.js';
import type { Installed } from '../targets/local/paths.js';
import { supervisorSteps } from '../targets/local/supervision.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { forgetOthers } from './mend.js';
import { makeTempFolder } from './temp-folder.js';

/** Services may take their time to end. */
const MOST_SECONDS = 330;

/** Ends all that runs for the app; its data stays. Gives how many processes had lost their supervisor. */
export async function endEverything(app: App): Promise<number> {
  await endSupervisor(app);
  await goneByThemselves(app);
  const strays = await endLost(app);
  for (const folder of [sockets(app.at).temp, sockets(app.at).work]) await app.host.remove(folder);
  return strays;
}

/** As `endEverything`, of a run that has failed: what it failed by is what the user is told, and that not all of it could be ended is a note. */
export async function endAfterFailure(app: App, { report }: Context): Promise<void> {
  try {
    await endEverything(app);
  } catch (error) {
    const { message } = Failure.from(error);
    report({
      type: 'note',
      message: `not all that was started could be ended: ${message}; slipway down ${quote(app.root)} does it`,
    });
  }
}

async function endSupervisor(app: App): Promise<void> {
  const socket = sockets(app.at).supervisor;
  const asked = await app.host.request(rpc.shutdown(socket)).catch(() => undefined);
  if (asked === undefined) return;
  const deadline = Date.now() + MOST_SECONDS * 1000;
  while (Date.now() < deadline && (await app.host.request(rpc.state(socket)).catch(() => undefined)) !== undefined) {
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/** The supervisor stops answering a moment before it is gone. */
async function goneByThemselves(app: App): Promise<void> {
  const deadline = Date.now() + 3000;
  while (Date.now() < deadline && (await findLost(app)).length > 0) {
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

/**
 * The app's supervisor, running. Where it has to be started, what an earlier one has left behind (killed, with its children alive) is ended
 * first: they hold sockets, ports and data folders.
 */
export async function ensureSupervisor(app: App, context: Context, installed: Installed): Promise<void> {
  const answers = await app.host.request(rpc.state(sockets(app.at).supervisor)).catch(() => undefined);
  if (answers === undefined) {
    await endLost(app);
    await forgetOthers(app);
  }
  await makeTempFolder(app);
  await apply(supervisorSteps(app.at, installed, process.getuid?.() === 0), () => app.host, context.report, context.signal);
}

/** Processes of the app, whoever supervises them. */
export async function findLost(app: App): Promise<number[]> {
  const [marked, nginx] = await Promise.all([
    findStrays(OWNER_VARIABLE, app.at.state),
    findHolders('nginx', stateFiles(app.at).logs),
  ]);
  return [...new Set([...marked, ...nginx])];
}

/** Ends processes of the app that have lost their supervisor. Gives how many there were. */
export const endLost = (app: App): Promise<number> => endFound(() => findLost(app));
