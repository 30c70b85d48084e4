import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execLine, execWord, lineValue, listWord, unitName } from '../../src/templates/systemd-quote.js';
import { unitFile } from '../../src/templates/systemd-unit.js';
import { tmpfilesConf } from '../../src/templates/tmpfiles.js';

test('words of a command line', () => {
  const table = [
    ['/usr/bin/python3', '/usr/bin/python3'],
    ['', '""'],
    ['a b', '"a b"'],
    ['100%', '"100%%"'],
    ['$HOME', '"$$HOME"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['a\nb\t', '"a\\x0ab\\x09"'],
    ['\u0085', '"\\xc2\\x85"'],
    [';', '";"'],
    ['-x', '-x'],
    ['é', '"é"'],
  ] as const;
  for (const [text, word] of table) assert.equal(execWord(text), word);
  assert.equal(execLine(['/bin/sh', '-c', 'echo $x']), '/bin/sh -c "echo $$x"');
  for (const program of ['sh', '-/bin/sh', '/bin/a b', '/bin/$x', ''])
    assert.throws(() => execLine([program]), { code: 'UNSAFE_VALUE' });
});

test('what systemd cannot be told is refused', () => {
  for (const text of ['a\0', '\ud800', '\ufdd0']) {
    assert.throws(() => execWord(text), { code: 'UNSAFE_VALUE' });
    assert.throws(() => listWord(text), { code: 'UNSAFE_VALUE' });
    assert.throws(() => lineValue(text), { code: 'UNSAFE_VALUE' });
  }
  for (const text of ['a\nb', '', ' a', 'a ', 'a\\', '"a"', "'a'"])
    assert.throws(() => lineValue(text), { code: 'UNSAFE_VALUE' }, text);
  assert.throws(() => listWord('a\nb'), { code: 'UNSAFE_VALUE' });
  for (const name of ['a b', 'a/b', '-a', 'a@b@c', '', 'a\n', 'x'.repeat(256)])
    assert.throws(() => unitName(name), { code: 'UNSAFE_VALUE' }, name);
  assert.equal(unitName('shop-web@20261121-1.service'), 'shop-web@20261121-1.service');
  assert.equal(lineValue('50% done'), '50%% done');
  assert.equal(listWord('/a b%'), '"/a b%%"');
});

test('a unit file', () => {
  assert.equal(
    unitFile({ unit: [['Description', 'x'], false], kind: { name: 'Service', lines: [['User', 'a'], undefined] }, install: [] }),
    '# Written by Slipway; changes are overwritten.\n[Unit]\nDescription=x\n\n[Service]\nUser=a\n',
  );
});

test('folders of tmpfiles.d', () => {
  const folder = { path: '/run/shop', mode: '0750', user: 'shop', group: 'shop', acl: ['u:www-data:--x'] };
  assert.match(tmpfilesConf([folder]), /^d \/run\/shop 0750 shop shop\na\+ \/run\/shop - - - - u:www-data:--x\n$/m);
  for (const path of ['/a b', '/a\nb', '']) assert.throws(() => tmpfilesConf([{ ...folder, path }]), { code: 'UNSAFE_VALUE' });
});
