import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { compressCommand, describeCompressed, parseCompressed, staticRoot } from '../../src/ops/compress.js';

test('STATIC_ROOT lies at the path of its URL', () => {
  assert.equal(staticRoot('/r/static', '/static/'), '/r/static/plain/static');
  assert.equal(staticRoot('/r/static', 'assets/s/'), '/r/static/plain/assets/s');
});

test('the command', () => {
  const { argv } = compressCommand({ python: 'py', tool: '/t/compress.py', tree: '/r/2', like: ['/r/1', '/r/0'], kept: '/k' });
  assert.deepEqual(argv, ['py', '-I', '/t/compress.py', '--tree', '/r/2', '--like', '/r/1', '--like', '/r/0', '--kept', '/k']);
});

test('what it says', () => {
  const done = parseCompressed('{"files": 312, "bytes": 1900000, "compressedBytes": 640000, "reused": 3, "seconds": 1}\n');
  assert.equal(describeCompressed(done), 'static 312 files, 1.9 MB → 0.6 MB');
  assert.equal(describeCompressed({ files: 1, bytes: 1500, compressedBytes: 700, reused: 0 }), 'static 1 file, 1.5 kB → 0.7 kB');
  assert.equal(describeCompressed({ files: 0, bytes: 0, compressedBytes: 0, reused: 0 }), 'no static files');
  for (const text of ['', '[]', '{"files": 1}', 'Traceback'])
    assert.throws(
      () => parseCompressed(text),
      (error) => error instanceof Failure && error.code === 'BUG',
      text,
    );
});
