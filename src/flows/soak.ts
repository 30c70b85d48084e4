import { Failure } from '../core/failure.js';
import { logExcerpt } from '../core/log-excerpt.js';
import { isReleaseReady } from '../ops/readiness.js';
import { SOAK_SECONDS } from '../targets/local/go-live.js';
import { groupOf, releaseFiles, stateFiles } from '../targets/local/layout.js';
import { readyRequest } from '../targets/local/ready-request.js';
import type { App } from './app.js';
import type { Context } from './context.js';
import { processesOf } from './processes.js';
import type { LocalRelease } from './release-record.js';

const POLL_MS = 150;
/** A worker has to live this long: time enough to import the project and to end over what it finds there. */
const WORKER_SECONDS = 3;
/** Processes of one server are not all made in the same instant. */
const SLACK_SECONDS = 0.5;

interface Soaked {
  readonly context: Context;
  readonly app: App;
  readonly release: LocalRelease;
}

/**
 * Watches a release that is ready before it gets traffic. One that only answers requests cannot die by itself and is not kept waiting; one that
 * does something in the background (threads, timers of its own) can, and so can workers.
 * @throws Failure RELEASE_DIED
 */
export async function soak(soaked: Soaked): Promise<void> {
  await Promise.all([watchWeb(soaked), watchWorkers(soaked)]);
}

async function watchWeb({ context, app, release }: Soaked): Promise<void> {
  const ask = () => app.host.request(readyRequest(release), context.signal).catch(() => undefined);
  const { background } = isReleaseReady(await ask());
  if (background.length === 0) return;
  context.report({ type: 'note', message: `watching the new release for ${SOAK_SECONDS} s: it runs ${background.join(', ')}` });
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  while (elapsed() < SOAK_SECONDS) {
    await pause(context.signal);
    const { ready, age } = isReleaseReady(await ask());
    // The server makes a new process for one that has died: that one answers, and is too young.
    const isAnother = age !== undefined && age + SLACK_SECONDS < elapsed();
    if (!ready || isAnother) throw await died(app, release, 'web', `${elapsed().toFixed(1)} s after it was ready`);
  }
}

/** @throws Failure RELEASE_DIED naming the worker */
async function watchWorkers({ context, app, release }: Soaked): Promise<void> {
  if (!release.processes.some(({ kind }) => kind !== 'beat')) return;
  for (;;) {
    const own = (await processesOf(app)).filter(({ group, name }) => group === groupOf(release.version) && name !== 'web');
    const fallen = own.find(({ state }) => state === 'backoff' || state === 'failed' || state === 'stopped');
    if (fallen !== undefined) throw await died(app, release, fallen.name, 'instead of working');
    const now = Date.now() / 1000;
    if (own.every(({ since, state }) => state === 'running' && since !== null && now - since >= WORKER_SECONDS)) return;
    await pause(context.signal);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise((wake) => setTimeout(wake, POLL_MS));
  signal.throwIfAborted();
}

async function died(app: App, release: LocalRelease, process: string, when: string): Promise<Failure> {
  const log = await app.host.read(`${stateFiles(app.at).logs}/${process}.log`);
  const detail = logExcerpt(log ?? '', releaseFiles(app.at, release.version).source).join('\n');
  return new Failure(
    'RELEASE_DIED',
    'project',
    `${process} of release ${release.version} ended by itself, ${when}; what was live before is still live`,
    { hint: `slipway logs ${process}`, ...(detail === '' ? {} : { detail }) },
  );
}
