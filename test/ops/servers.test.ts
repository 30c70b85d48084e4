import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { WEB_SERVERS } from '../../src/ops/servers/all.js';
import type { ServerSetup } from '../../src/ops/servers/server.js';

const setup = (more: Partial<ServerSetup> = {}): ServerSetup => ({
  python: '/v/bin/python',
  pythonVersion: '3.12.1',
  interface: 'wsgi',
  application: 'slipway_runtime.wsgi:application',
  socket: '/run/x/1.sock',
  folder: '/state/servers',
  workers: 3,
  threads: 4,
  maxBody: 1000,
  gracefulSeconds: 30,
  ...more,
});

const { gunicorn, uvicorn, uwsgi, granian, daphne, hypercorn } = WEB_SERVERS;
const conf = (more: Partial<ServerSetup> = {}): string => gunicorn.files(setup(more))[0]?.content ?? '';

test('Gunicorn is told everything in a file of its own', () => {
  assert.match(conf(), /^worker_class = "gthread"\nworkers = 3\nthreads = 4$/m);
  assert.match(conf({ threads: 1 }), /^worker_class = "sync"$/m);
  assert.match(conf({ interface: 'asgi' }), /^worker_class = "uvicorn_worker.UvicornWorker"\nworkers = 3\nthreads = 1$/m);
  assert.match(conf({ interface: 'asgi', pythonVersion: '3.6.15' }), /uvicorn\.workers\.UvicornWorker/);
  assert.match(conf({ socket: '/a "b"\\c\n' }), /^bind = "unix:\/a \\"b\\"\\\\c\\n"$/m);
  assert.deepEqual(gunicorn.env(setup()), { GUNICORN_CMD_ARGS: '' });
});

test('requirements fit the Python', () => {
  assert.deepEqual(gunicorn.requirements('wsgi', '3.13'), ['gunicorn>=20.1']);
  assert.ok(gunicorn.requirements('asgi', '3.12').includes('uvicorn-worker>=0.1'));
  assert.ok(!gunicorn.requirements('asgi', '3.6.15').some((one) => one.startsWith('uvicorn-worker')));
  assert.deepEqual(granian.requirements('asgi', '3.10'), ['granian>=2.5.6']);
  assert.throws(() => hypercorn.requirements('asgi', '3.6.15'), { code: 'SERVER_UNSUPPORTED' });
  assert.throws(() => granian.requirements('wsgi', '3.8.18'), { code: 'SERVER_UNSUPPORTED', kind: 'config' });
});

test('options that an old uvicorn lacks are left out', () => {
  const argv = (more: Partial<ServerSetup>) =>
    uvicorn.argv(setup({ interface: 'asgi', ...more })).includes('--timeout-graceful-shutdown');
  assert.equal(argv({}), true);
  assert.equal(argv({ pythonVersion: '3.6.15' }), false);
  assert.equal(argv({ version: '0.17.6' }), false);
  assert.equal(argv({ version: '0.30.1' }), true);
});

test('uWSGI stops when told to, and is not given what it would expand', () => {
  const argv = uwsgi.argv(setup());
  for (const flag of ['--die-on-term', '--need-app', '--strict']) assert.ok(argv.includes(flag), flag);
  for (const socket of ['/run/$(HOME)/s', '/run/@(x)', '/run/%d.sock', "/run/a'b"]) {
    assert.throws(() => uwsgi.argv(setup({ socket })), { code: 'UNSAFE_VALUE' }, socket);
  }
});

test('where a project has brought uWSGI itself, that is started, for the same environment', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-uwsgi-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'bin'));
  const python = join(folder, 'bin/python');
  symlinkSync('/usr/bin/python3', python);
  writeFileSync(join(folder, 'pyvenv.cfg'), 'home = /usr/bin\n');
  writeFileSync(join(folder, 'bin/uwsgi'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  const [program = '', ...args] = uwsgi.argv(setup({ python }));
  const told = execFileSync(program, args).toString().trim().split('\n');
  assert.deepEqual(told.slice(0, 4), ['--home', folder, '--http-socket', '/run/x/1.sock']);
  assert.ok(told.at(-2) === '--listen' && Number(told.at(-1)) > 0, told.join(' '));
});

test('every server names its socket and application, and serves what it says', () => {
  for (const kind of Object.values(WEB_SERVERS)) {
    for (const wanted of kind.interfaces) {
      const given = setup({ interface: wanted, application: `slipway_runtime.${wanted}:application` });
      const said = [...kind.argv(given), ...kind.files(given).map(({ content }) => content)].join('\n');
      // The script that mod_wsgi's Apache runs asks the runtime for the same application.
      const application = kind.name === 'mod_wsgi' ? 'slipway_runtime.apache' : given.application;
      assert.ok(said.includes(given.socket) && said.includes(application), `${kind.name} ${wanted}`);
      assert.equal(kind.argv(given)[0], given.python);
    }
  }
  assert.deepEqual(
    [uvicorn, daphne].flatMap(({ interfaces }) => interfaces),
    ['asgi', 'asgi'],
  );
  assert.deepEqual(uwsgi.interfaces, ['wsgi']);
  assert.match(hypercorn.argv(setup()).at(-1) ?? '', /^wsgi:/);
});
