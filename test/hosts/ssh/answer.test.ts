import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../../src/core/failure.js';
import { readAnswer } from '../../../src/hosts/ssh/answer.js';

const refused = (error: object): Failure => {
  try {
    readAnswer(JSON.stringify({ error }), 'web1');
  } catch (failure) {
    assert.ok(failure instanceof Failure);
    return failure;
  }
  return assert.fail('no failure');
};

test('a result is given as it is', () => {
  assert.deepEqual(readAnswer('{"result": {"code": 3}}', 'web1'), { code: 3 });
  assert.equal(readAnswer('{"result": null}', 'web1'), null);
});

test('what a host refuses is told with the host, by whose fault it is', () => {
  const table: readonly (readonly [object, string, string])[] = [
    [{ code: 'OS', errno: 'ENOSPC', path: '/srv/x', message: 'No space left on device' }, 'DISK_FULL', 'environment'],
    [{ code: 'OS', errno: 'EACCES', path: '/srv/x', message: 'Permission denied' }, 'NOT_WRITABLE', 'environment'],
    [{ code: 'OS', errno: 'EISDIR', path: '/srv/x', message: 'Is a directory' }, 'HOST_FILE', 'remote'],
    [{ code: 'USER_MISSING', message: 'There is no user shop' }, 'USER_MISSING', 'remote'],
    [{ code: 'NO_ANSWER', message: 'Nothing answered at 127.0.0.1:80: refused' }, 'NO_ANSWER', 'connection'],
    [{ code: 'COMMAND_NOT_FOUND', message: 'nginx is not there' }, 'COMMAND_NOT_FOUND', 'environment'],
    [{ code: 'BUG', message: 'KeyError: x', detail: 'Traceback' }, 'BUG', 'bug'],
  ];
  for (const [error, code, kind] of table) {
    const failure = refused(error);
    assert.deepEqual([failure.code, failure.kind], [code, kind]);
  }
  assert.match(refused({ code: 'OS', errno: 'ENOSPC', path: '/srv/x', message: '' }).message, /web1/);
});
