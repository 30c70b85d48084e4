import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import type { NativeNeed } from '../../src/core/project.js';
import { installNatives, nativeQuery, parseNatives } from '../../src/ops/natives.js';

const need = (probe: NativeNeed['probe'], packages: readonly string[]): NativeNeed => ({
  wantedBy: 'x',
  when: 'run',
  packages,
  probe,
  onlyWithoutWheel: false,
});

const NEEDS = [
  need({ program: 'sh' }, ['dash']),
  need({ program: 'no-such-program' }, ['libldap-dev|libldap2-dev']),
  need({ library: 'libc.so.6' }, ['libc6']),
  need({ library: 'libnosuch.so.9' }, ['libmagic1|libmagic1t64', 'file']),
  need({ header: 'no/such/header.h' }, ["odd'name; touch /tmp/x"]),
  need({ zone: 'Europe/Atlantis' }, ['tzdata', 'tzdata-legacy|tzdata']),
];

test('one script says what is there and what is not', () => {
  const [program = '', ...args] = nativeQuery(NEEDS).argv.map(String);
  const stdout = execFileSync(program, args, { encoding: 'utf8' });
  assert.match(stdout, /^has program:sh$/m);
  const missing = parseNatives(stdout, NEEDS);
  assert.deepEqual(
    missing.map((one) => one.missing),
    ['no-such-program', 'libnosuch.so.9', 'no/such/header.h', 'Europe/Atlantis'],
  );
});

test("the names are those of this system's own release", () => {
  const answer =
    'lacks program:no-such-program\nlacks library:libnosuch.so.9\napt\noffers libldap2-dev\noffers libmagic1t64\noffers file\n';
  const missing = parseNatives(answer, NEEDS);
  assert.deepEqual(
    missing.map((one) => one.install),
    ['apt-get install -y libldap2-dev', 'apt-get install -y libmagic1t64 file'],
  );
  assert.equal(installNatives([...missing, ...missing]), 'apt-get install -y libldap2-dev libmagic1t64 file');
  const withoutApt = parseNatives('lacks program:no-such-program\n', NEEDS);
  assert.deepEqual(withoutApt[0]?.packages, ['libldap-dev']);
});
