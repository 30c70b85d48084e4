import assert from 'node:assert/strict';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import type { Step } from '../../src/core/plan.js';
import { perform } from '../../src/engine/perform.js';
import { WEB_SERVERS } from '../../src/ops/servers/all.js';
import type { Interface, ServerSetup } from '../../src/ops/servers/server.js';
import { groupsCommand } from '../../src/ops/supervisor.js';
import { ROOT } from '../support/slipway.js';
import { pipEnvironment, SYSTEM_PYTHON } from './lab/pip-environment.js';
import { sandbox } from './lab/sandbox.js';
import { PYTHON, supervised, TOOLS } from './lab/supervised.js';
import { tinyProject } from './lab/tiny-project.js';

interface Start {
  readonly server: keyof typeof WEB_SERVERS;
  readonly wanted: Interface;
  /** What the project's application module does, last of all. */
  readonly code: string;
  readonly requirements?: readonly string[];
}

/** Waits for a server under the real supervisor as `up` does. @returns how long, and why it is not ready */
async function started(context: TestContext, { server, wanted, code, requirements }: Start) {
  const kind = WEB_SERVERS[server];
  const { folder, after } = await sandbox(context);
  const project = await tinyProject(folder);
  await appendFile(join(project, `tiny/${wanted}.py`), `\n${code.replaceAll('FOLDER', folder)}\n`);
  const bin = await pipEnvironment(['django==5.2.*', ...(requirements ?? kind.requirements(wanted, SYSTEM_PYTHON))]);
  const setup: ServerSetup = {
    ...{
      python: join(bin, 'python'),
      pythonVersion: SYSTEM_PYTHON,
      interface: wanted,
      application: `tiny.${wanted}:application`,
    },
    ...{ socket: join(folder, 'web.sock'), folder: join(folder, 'servers') },
    ...{ workers: 2, threads: 1, maxBody: 1_000_000, gracefulSeconds: 5 },
  };
  await mkdir(setup.folder);
  for (const { path, content } of kind.files(setup)) await writeFile(path, content);
  const launch = join(folder, 'web.json');
  const env = { PATH: '/usr/bin:/bin', HOME: folder, LANG: 'C.UTF-8', ...kind.env(setup) };
  await writeFile(launch, JSON.stringify({ argv: kind.argv(setup), cwd: project, env }));
  const lab = await supervised(folder, after);
  const log = lab.logFile('web');
  const argv = [PYTHON, '-I', '-S', join(ROOT, 'python/slipway_runtime/launch.py'), launch];
  const times = { stopSeconds: 10, startSeconds: 1 };
  await lab.write({
    name: 'release-1',
    programs: [{ name: 'web', argv, stopSignal: kind.stopSignal, ...times, restart: 'always', logFile: log, priority: 100 }],
  });
  assert.equal((await lab.groups('apply', 'release-1')).code, 0);
  const alive = groupsCommand(PYTHON, join(TOOLS, 'groups.py'), lab.socket, 'works', 'release-1', 'web');
  const step: Step = {
    ...{ id: 'ready', title: 'answers', stage: 'start', host: 'local' },
    action: {
      kind: 'wait',
      until: { request: { to: { socket: setup.socket }, path: '/', headers: { host: 'tiny.test' }, timeoutSeconds: 5 } },
      alive: { command: alive, ...(kind.loadsInWorkers(setup.workers) ? { workers: setup.workers } : {}) },
      timeoutSeconds: 90,
      log: [log],
      code: project,
    },
  };
  const began = Date.now();
  const error = await perform(step, lab.host, {}).then(
    () => undefined,
    (raised: unknown) => Failure.from(raised),
  );
  const seconds = (Date.now() - began) / 1000;
  context.diagnostic(`${seconds.toFixed(1)} s: ${error?.message ?? 'ready'}`);
  return { seconds, error };
}

const RAISES = 'raise RuntimeError("not finished")';
const ENDS = 'import os, sys\nprint("gone", file=sys.stderr, flush=True)\nos._exit(1)';

// Most of each is waiting.
describe('servers that start their workers again for ever', { concurrency: 3 }, () => {
  for (const start of [
    { server: 'uvicorn', wanted: 'asgi', code: RAISES },
    // One that starts no worker again: https://www.uvicorn.org/release-notes/
    { server: 'uvicorn', wanted: 'asgi', code: RAISES, requirements: ['uvicorn==0.23.2'] },
    { server: 'granian', wanted: 'asgi', code: RAISES },
    { server: 'gunicorn', wanted: 'wsgi', code: ENDS },
    { server: 'uwsgi', wanted: 'wsgi', code: ENDS },
  ] satisfies Start[]) {
    const name = start.requirements?.join() ?? start.server;
    test(`${name}, ${start.wanted}: workers that ${start.code === RAISES ? 'crash' : 'end'} as they start are not waited for`, async (context) => {
      const { seconds, error } = await started(context, start);
      assert.equal(error?.code, 'NOT_READY');
      assert.match(
        error.detail ?? '',
        start.code === RAISES ? /tiny\/.sgi\.py", line \d+[\s\S]*RuntimeError: not finished/ : /gone/,
      );
      assert.ok(seconds < 30, `${seconds} s`);
    });
  }

  test('a worker that ended once, and those that take long, are waited for', async (context) => {
    const once = `
import os, time
time.sleep(2)
try:
    os.close(os.open('FOLDER/was-here', os.O_CREAT | os.O_EXCL))
except FileExistsError:
    time.sleep(2)
else:
    raise RuntimeError('only the first')`;
    const { error } = await started(context, { server: 'uvicorn', wanted: 'asgi', code: once });
    assert.equal(error, undefined);
  });
});
