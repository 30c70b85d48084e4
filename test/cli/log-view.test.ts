import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logView } from '../../src/cli/views/log-view.js';
import { paint } from '../../src/reporters/paint.js';

test('a trace-back stands below the message that it came with', () => {
  const view = logView(paint(false));
  const line = { time: '2026-01-02T03:04:05.678Z', process: 'web', level: 'error', message: 'Internal Server Error: /' };
  assert.equal(view(line).length, 1);
  const exception =
    'Traceback (most recent call last):\n  File "shop/views.py", line 7, in front\nKeyError: \'price\u001b[2J\'\n';
  const shown = view({ ...line, exception });
  assert.deepEqual(
    shown.slice(1).map((text) => text.trimStart()),
    ['Traceback (most recent call last):', 'File "shop/views.py", line 7, in front', "KeyError: 'price'"],
  );
});
