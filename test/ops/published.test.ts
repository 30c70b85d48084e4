import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromRepository } from '../../src/ops/published.js';
import { plainRepositories, withPublished } from '../../src/ops/requirement-lines.js';

const ADDRESS = 'https://github.com/owner/Thing.git';

const TABLE: readonly (readonly [string, string | undefined])[] = [
  ['git+https://github.com/owner/Thing.git#egg=thing', 'thing'],
  ['-e git+https://github.com/owner/Thing#egg=thing&subdirectory=lib', 'thing'],
  ['--editable=git+git://github.com/owner/thing.git@main#egg=my_thing', 'my_thing'],
  ['thing @ git+https://github.com/owner/thing.git@v1.2.3 ; python_version > "3"', 'thing 1.2.3'],
  ['thing[extra]@git+https://github.com/owner/thing@release-2.0  # a remark', 'thing 2.0'],
  // What exactly is wanted is known to that repository alone.
  ['thing @ git+https://github.com/owner/thing.git@94c3a611ecf42defd8f48f71196c77b0f6e0f7af', undefined],
  ['thing @ git+https://github.com/owner/thing.git@fix/that-bug', undefined],
  // Nobody said what the distribution is called.
  ['git+https://github.com/owner/thing.git', undefined],
  ['# git+https://github.com/owner/thing.git#egg=thing', undefined],
  // A private one: its name on the index is whoever's took it.
  ['thing @ git+ssh://git@github.com/owner/thing.git', undefined],
  ['thing @ git+https://user:token@github.com/owner/thing.git', undefined],
  ['thing @ git+https://github.com/other/thing.git', undefined],
];

for (const [line, expected] of TABLE) {
  test(`${line} → ${expected ?? 'nothing'}`, () => {
    const found = fromRepository(`django\n${line}\n`, ADDRESS);
    assert.equal(found && [found.name, found.version ?? ''].join(' ').trim(), expected);
  });
}

test('only the line itself is replaced', () => {
  const line = 'git+https://github.com/owner/thing.git#egg=thing';
  const text = `django\r\n${line}\r\n# ${line}\n`;
  assert.equal(withPublished(text, [{ line, requirement: 'thing==1.0' }]), `django\r\nthing==1.0\n# ${line}\n`);
});

test('a repository is installed as it is now, a folder of the project as it was written', () => {
  assert.equal(
    plainRepositories(
      '-e git+https://h/o/a.git#egg=a\r\n  --editable=hg+https://h/b\n-e a @ git+https://h/a\n-e .\n--editable ./git+x\n# -e git+x\n',
    ),
    'git+https://h/o/a.git#egg=a\r\nhg+https://h/b\na @ git+https://h/a\n-e .\n--editable ./git+x\n# -e git+x\n',
  );
});
