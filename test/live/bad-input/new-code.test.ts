import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { example } from '../../support/live-app.js';
import { type Serving, serving } from '../../support/serving.js';

/** New code that does not work, of every kind; what was live before answers all the while. */
let app: Serving;

before(async () => {
  app = await serving(example('allotment'), 'Mill Lane');
});
after(() => app.end());

const VIEWS = 'plots/views.py';
const URLS = 'allotment/urls.py';

test('it crashes at import', async () => {
  const error = await app.refuses({
    change: { 'allotment/wsgi.py': (text) => `${text}\nraise RuntimeError("new code breaks at import")\n` },
    exit: 4,
    code: 'RELEASE_NOT_READY',
    message: /what was live before is still live/,
    detail: /wsgi\.py[\s\S]*RuntimeError: new code breaks at import/,
  });
  assert.doesNotMatch(error.detail, /not ready after/, 'a process that ended is not waited for');
});

test('its URLs crash at import', async () => {
  await app.refuses({
    change: { [URLS]: (text) => `${text}\nfrom plots.views import nothing_of_this_name\n` },
    exit: 4,
    code: 'RELEASE_NOT_READY',
    detail: /urls\.py[\s\S]*ImportError: cannot import name 'nothing_of_this_name'/,
  });
});

test('the log of an earlier start is not told again', async () => {
  const error = await app.refuses({
    change: { 'allotment/wsgi.py': (text) => `${text}\nimport sys\nprint("second failure")\nsys.exit(9)\n` },
    exit: 4,
    code: 'RELEASE_NOT_READY',
    detail: /second failure/,
  });
  assert.doesNotMatch(error.detail, /nothing_of_this_name|breaks at import/);
});

test('it crashes on the first request', async () => {
  await app.refuses({
    change: {
      [VIEWS]: (text) => `${text}\n\ndef plot_list(request):\n    raise LookupError("no page for anybody")\n`,
      'plots/urls.py': () =>
        'from django.urls import path\nfrom . import views\napp_name = "plots"\nurlpatterns = [path("", views.plot_list, name="list"), path("mine/", views.plot_list, name="mine")]\n',
    },
    exit: 4,
    code: 'RELEASE_NOT_READY',
    message: /first page/,
    detail: /\/ answered 500[\s\S]*LookupError: no page for anybody/,
  });
});

test('its health says no: a cache that does not answer', async () => {
  await app.refuses({
    change: {
      'allotment/broken_cache.py':
        'from django.core.cache.backends.base import BaseCache\n\n\nclass Broken(BaseCache):\n    def __init__(self, *args):\n        super().__init__({})\n\n    def set(self, *args, **more):\n        raise ConnectionError("nobody at the cache")\n',
      'allotment/settings.py': (text) => `${text}\nCACHES = {"default": {"BACKEND": "allotment.broken_cache.Broken"}}\n`,
    },
    run: { env: { SLIPWAY_READY_SECONDS: '5' } },
    exit: 4,
    code: 'RELEASE_NOT_READY',
    detail: /not ready after 5 s[\s\S]*answered 503[\s\S]*nobody at the cache/,
  });
});

test('it hangs at import', async () => {
  const began = Date.now();
  await app.refuses({
    change: { 'allotment/wsgi.py': (text) => `print("hanging", flush=True)\nimport time\ntime.sleep(600)\n${text}` },
    run: { env: { SLIPWAY_READY_SECONDS: '4' } },
    exit: 4,
    code: 'RELEASE_NOT_READY',
    detail: /not ready after 4 s[\s\S]*hanging/,
  });
  assert.ok(Date.now() - began < 60_000, `${Date.now() - began} ms`);
});

for (const [what, line] of [
  ['a thread', 'import threading\nthreading.Timer(3, os._exit, (1,)).start()'],
  ['an alarm', 'import signal\nsignal.setitimer(signal.ITIMER_REAL, 3)'],
] as const) {
  test(`it starts, and ${what} ends it after three seconds`, async () => {
    await app.refuses({
      change: { [URLS]: (text) => `import os\n${line}\n${text}` },
      exit: 4,
      code: 'RELEASE_DIED',
      message: /still live/,
    });
  });
}
