import assert from 'node:assert/strict';
import { test } from 'node:test';
import { words } from '../../../src/config/resolve/words.js';
import { Failure } from '../../../src/core/failure.js';

const TABLE: readonly [string, readonly string[]][] = [
  ['celery -A shop worker', ['celery', '-A', 'shop', 'worker']],
  ['  python   manage.py  "send queued" ', ['python', 'manage.py', 'send queued']],
  [`a 'b "c' "d 'e" f\\ g`, ['a', 'b "c', "d 'e", 'f g']],
  [`--x='1 2'"3 4"5`, ['--x=1 23 45']],
  ['echo "a\\"b" "\\n"', ['echo', 'a"b', '\\n']],
  ['keep $HOME *', ['keep', '$HOME', '*']],
  ["''", ['']],
  ['', []],
];

for (const [line, answer] of TABLE) test(`words of ${line}`, () => assert.deepEqual(words(line, 'x'), answer));

for (const line of ['a | b', 'a && b', 'a; b', 'a > f', 'echo $(id)', 'echo `id`', 'a "b', "a 'b", 'a \\']) {
  test(`refused: ${line}`, () => {
    assert.throws(
      () => words(line, 'processes.mailer.command'),
      (error) =>
        error instanceof Failure && error.code === 'COMMAND_UNREADABLE' && error.message.includes('processes.mailer.command'),
    );
  });
}
