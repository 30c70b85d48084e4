import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { commandWords, splitWords } from '../../src/config/words.js';
import { quote } from '../../src/core/command.js';
import { everySeed, HOSTILE, type Random } from './random.js';

test('words are split as sh splits them', () => {
  const table: readonly (readonly [string, readonly string[]])[] = [
    ['celery -A shop worker', ['celery', '-A', 'shop', 'worker']],
    ['  a \t b  ', ['a', 'b']],
    [`python -c 'print("x; y | $z")'`, ['python', '-c', 'print("x; y | $z")']],
    ['a "b c" d"e"f', ['a', 'b c', 'def']],
    [`a '' ""`, ['a', '', '']],
    ['a \\$HOME \\| b\\ c', ['a', '$HOME', '|', 'b c']],
    ['a "\\$x \\" \\\\ \\n"', ['a', '$x " \\ \\n']],
    ['a b\\\nc', ['a', 'bc']],
    ['a x=1 --n=w@%h a#b a~b', ['a', 'x=1', '--n=w@%h', 'a#b', 'a~b']],
    ["a 'x\ny'", ['a', 'x\ny']],
  ];
  for (const [text, words] of table) assert.deepEqual(splitWords(text), { words }, text);
});

test('what only a shell can do is refused where it stands', () => {
  const table: readonly (readonly [string, number, RegExp])[] = [
    ['a | b', 2, /a pipe/],
    ['a && b', 2, /"and"/],
    ['a; b', 1, /list of commands/],
    ['a > b', 2, /redirection/],
    ['echo $HOME', 5, /a variable/],
    ['echo "x $HOME"', 8, /a variable/],
    ['echo `id`', 5, /substitution/],
    ['echo $(id)', 5, /variable/],
    ['ls *.py', 3, /pattern/],
    ['ls [ab]', 3, /pattern/],
    ['ls ~/x', 3, /home directory/],
    ['a # b', 2, /comment/],
    ['a\nb', 1, /second line/],
    ["a 'b", 2, /never closed/],
    ['a "b', 2, /never closed/],
    ['a \\', 2, /backslash/],
    ['A=1 b', 0, /variable/],
    ['', 0, /empty/],
    ["'' a", 0, /empty/],
  ];
  for (const [text, at, problem] of table) {
    const split = splitWords(text);
    assert.ok('problem' in split, text);
    assert.match(split.problem, problem, text);
    assert.equal(split.at, at, text);
    assert.notEqual(split.hint, '', text);
  }
  assert.throws(() => commandWords('a | b'), { code: 'CONFIG_COMMAND', kind: 'config' });
});

const someWords = (random: Random): string[] => [
  'program',
  ...Array.from({ length: random.below(5) }, () => random.text(HOSTILE, 12)),
];

test('what is quoted comes back, whatever it holds', () => {
  everySeed(8000, (random) => {
    const words = someWords(random);
    assert.deepEqual(splitWords(words.map(quote).join(' ')), { words }, `seed ${random.seed}`);
  });
});

test('sh agrees about every command that is taken', () => {
  const taken: { readonly text: string; readonly words: readonly string[] }[] = [];
  everySeed(8000, (random) => {
    const text = `p ${random.text('ab -=\\\'"x#~.', 14)}`;
    const split = splitWords(text);
    if ('words' in split) taken.push({ text, words: split.words });
  });
  assert.ok(taken.length > 2000, `${taken.length} were taken`);
  // Each word in brackets of its own length, so that no content can pass for another.
  const show = (words: readonly string[]): string => words.map((word) => `${word.length}<${word}>`).join('') + '\n';
  const script = `p() { for w in p "$@"; do printf '%d<%s>' "\${#w}" "$w"; done; echo; }\n${taken.map(({ text }) => text).join('\n')}\n`;
  const { stdout, status } = spawnSync('sh', { input: script, encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(status, 0);
  assert.equal(stdout, taken.map(({ words }) => show(words)).join(''));
});
