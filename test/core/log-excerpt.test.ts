import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logExcerpt } from '../../src/core/log-excerpt.js';

const ROOT = '/home/apps/shop/local/releases/20261121-104512-3f9c2e1/source';

const ours = (error: string): string => `[ERROR] Exception in worker process
Traceback (most recent call last):
  File "/venv/gunicorn/arbiter.py", line 608, in spawn_worker
    worker.init_process()
    ~~~~~~~~~~~~~~~~~~~^^
  File "${ROOT}/shop/urls.py", line 3, in <module>
    from shop.views import nothing
${error}
[INFO] Worker exiting (pid: 7)`;

const SERVERS = `Traceback (most recent call last):
  File "/venv/gunicorn/app/base.py", line 72, in run
    Arbiter(self).run()
gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>`;

test('of a trace-back, the frames of the project; of the server, none', () => {
  assert.deepEqual(logExcerpt(`${ours('ImportError: no nothing')}\n${SERVERS}\n`, ROOT), [
    '[ERROR] Exception in worker process',
    'Traceback (most recent call last):',
    '  File "shop/urls.py", line 3, in <module>',
    '    from shop.views import nothing',
    'ImportError: no nothing',
    '[INFO] Worker exiting (pid: 7)',
    "gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>",
  ]);
});

test('what every worker says is said once', () => {
  const lines = logExcerpt([1, 2, 3].map((pid) => ours('ImportError: no nothing').replace('7)', `${pid})`)).join('\n'), ROOT);
  assert.deepEqual(lines, logExcerpt(ours('ImportError: no nothing').replace('7)', '1)'), ROOT));
});

test('where no frame is of the project, all are shown', () => {
  assert.deepEqual(logExcerpt(SERVERS, ROOT), SERVERS.split('\n'));
  assert.deepEqual(logExcerpt(SERVERS), SERVERS.split('\n'));
});

test('causes keep their order', () => {
  const chained = `${ours('KeyError: 1')}\n\nThe above exception was the direct cause of the following exception:\n\n${ours('RuntimeError: 2')}`;
  const lines = logExcerpt(chained, ROOT);
  assert.ok(lines.indexOf('KeyError: 1') < lines.indexOf('RuntimeError: 2'));
});

test('a syntax error keeps its line', () => {
  const text = `Traceback (most recent call last):\n  File "/venv/x.py", line 1, in y\n    import shop\n  File "${ROOT}/shop/views.py", line 9\n    def f(:\n          ^\nSyntaxError: invalid syntax`;
  assert.deepEqual(logExcerpt(text, ROOT), [
    'Traceback (most recent call last):',
    '  File "shop/views.py", line 9',
    '    def f(:',
    'SyntaxError: invalid syntax',
  ]);
});

test('the last thirty lines, and nothing of an empty log', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  assert.deepEqual(logExcerpt(lines.join('\n')), lines.slice(-30));
  assert.deepEqual(logExcerpt('\n\n'), []);
});

test('workers that fail at the same time, each frame written when it comes', () => {
  const [one = [], two = []] = [1, 2].map((number) =>
    ours('ImportError: no nothing')
      .replace(/^.*/, `Process SpawnProcess-${number}:`)
      .replace(/\n.*$/, '')
      .split(/\n(?=\S| {2}File)/),
  );
  const frames = ['  File "shop/urls.py", line 3, in <module>', '    from shop.views import nothing', 'ImportError: no nothing'];
  const head = 'Traceback (most recent call last):';
  const inTurns = one.flatMap((part, index) => [part, two[index] ?? '']);
  assert.deepEqual(logExcerpt(inTurns.join('\n'), ROOT), ['Process SpawnProcess-1:', head, ...frames]);
  const torn = [...one.slice(0, 2), ...two.slice(0, 1), ...one.slice(2), ...two.slice(1)];
  assert.deepEqual(logExcerpt(torn.join('\n'), ROOT), ['Process SpawnProcess-1:', ...frames]);
});
