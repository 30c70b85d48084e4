import { type ProcessInfo, parseProcesses, rpc } from '../ops/supervisor.js';
import { sockets } from '../targets/local/layout.js';
import type { App } from './app.js';

/** What supervisord knows; nothing when it does not run. */
export async function processesOf(app: App): Promise<ProcessInfo[]> {
  const response = await app.host.request(rpc.processes(sockets(app.at).supervisor)).catch(() => undefined);
  return response === undefined ? [] : parseProcesses(response);
}
