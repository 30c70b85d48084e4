import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { iniCommand, iniName, iniValue } from '../../src/templates/ini.js';

/** As supervisor/options.py reads: UnhosedConfigParser, `%` expansion, shlex for commands. */
const READ_BACK = `
import configparser, json, shlex, sys
out = []
for kind, text in json.load(sys.stdin):
    parser = configparser.RawConfigParser(inline_comment_prefixes=(';', '#'), strict=False)
    parser.read_string('[program:x]\\nbefore=1\\ncommand=' + text + '\\nafter=2\\n')
    assert parser.get('program:x', 'after') == '2' and len(parser.options('program:x')) == 3, text
    value = parser.get('program:x', 'command') % {'here': '/h'}
    out.append(shlex.split(value) if kind == 'command' else value)
json.dump(out, sys.stdout)
`;

function readBack(lines: readonly (readonly ['value' | 'command', string])[]): unknown {
  const { status, stdout, stderr } = spawnSync('python3', ['-I', '-c', READ_BACK], {
    input: JSON.stringify(lines),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const PIECES = [
  'a',
  'Z',
  '0',
  ' ',
  '  ',
  ';',
  '#',
  ' ;',
  ' #',
  '%',
  '%(here)s',
  "'",
  '"',
  '\\',
  '$',
  '`',
  '=',
  ':',
  '[',
  ']',
  'é',
  '日',
  '🚢',
  '!',
  '*',
  '~',
  '|',
  '&',
  '\\n',
  '.',
];

function* random(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const numbers = random(7);
const below = (most: number): number => Math.floor((numbers.next().value ?? 0) * most);
const word = (): string => Array.from({ length: below(9) }, () => PIECES[below(PIECES.length)] ?? '').join('');

test('every command line comes back from the real parsers as it went in', () => {
  const commands = Array.from({ length: 800 }, () => ['/bin/x', ...Array.from({ length: below(5) }, word)]);
  assert.deepEqual(readBack(commands.map((argv) => ['command', iniCommand(argv)] as const)), commands);
});

test('every value comes back as it went in, or is refused', () => {
  const words = Array.from({ length: 800 }, word);
  const said = words.filter((text) => {
    try {
      iniValue(text);
      return true;
    } catch (error) {
      assert.ok(error instanceof Failure && error.code === 'UNSAFE_VALUE');
      return false;
    }
  });
  assert.ok(said.length > 300 && said.length < 800);
  assert.deepEqual(readBack(said.map((text) => ['value', iniValue(text)] as const)), said);
});

test('what could start a new line or a section is refused', () => {
  for (const text of ['a\nb', 'a\rb', 'a\u2028b', 'a\u0085b', 'a\0b', ' a', 'a ', ';a', '#a', 'a ;b', 'a\t#b']) {
    assert.throws(() => iniValue(text), { code: 'UNSAFE_VALUE' }, JSON.stringify(text));
  }
  for (const text of ['a\nb', 'a\u2028b', 'a\0']) assert.throws(() => iniCommand(['/x', text]), { code: 'UNSAFE_VALUE' });
  for (const text of ['', 'a b', 'a]', 'a:b', '-a', 'a,b', 'a/b', 'a%'])
    assert.throws(() => iniName(text), { code: 'UNSAFE_VALUE' });
});
