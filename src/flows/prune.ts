import { parseProcesses, rpc } from '../ops/supervisor.js';
import { releaseFiles, sockets, stateFiles } from '../targets/local/layout.js';
import type { App } from './app.js';
import { type LocalRelease, readRecord } from './release-record.js';

/** Takes away releases beyond the number kept, halves of releases that failed, and static trees that none of the rest uses. Never what runs. */
export async function prune(app: App, current: LocalRelease): Promise<void> {
  const names = await app.host.list(stateFiles(app.at).releases);
  const running = await runningVersions(app);
  const whole: string[] = [];
  for (const name of names) if (await app.host.exists(releaseFiles(app.at, name).verified)) whole.push(name);
  const kept = new Set([current.version, ...running, ...whole.slice(-current.options.keep)]);
  for (const name of names) if (!kept.has(name)) await app.host.remove(releaseFiles(app.at, name).folder);
  const records = await Promise.all([...kept].map((name) => readRecord(app, name)));
  const used = new Set(['kept', ...records.map((record) => record?.options.staticKey)]);
  for (const name of await app.host.list(stateFiles(app.at).statics)) {
    if (!used.has(name)) await app.host.remove(`${stateFiles(app.at).statics}/${name}`);
  }
}

async function runningVersions(app: App): Promise<string[]> {
  const response = await app.host.request(rpc.processes(sockets(app.at).supervisor));
  return parseProcesses(response).flatMap(({ group }) => /^(?:release|drain)-(.+)$/.exec(group)?.[1] ?? []);
}
