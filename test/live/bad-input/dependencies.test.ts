import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { example } from '../../support/live-app.js';
import { changeFiles, type Serving, serving } from '../../support/serving.js';

/** Dependencies that cannot be installed: the package, the reason, the mend; the release that is live answers all the while. */
let app: Serving;

const DJANGO = 'django>=5.1,<5.3\n';

before(async () => {
  app = await serving(example('allotment'), 'Mill Lane', { 'requirements.txt': DJANGO });
});
after(() => app.end());

for (const { what, line, code, message, hint } of [
  { what: 'a version that is not there', line: 'pytz==1.0.999', code: 'NO_MATCHING_VERSION', message: /pytz/, hint: /./ },
  {
    what: 'a package that is not there',
    line: 'a-package-that-nobody-made-9d3f',
    code: 'NO_SUCH_PACKAGE',
    message: /a-package-that-nobody-made-9d3f/,
    hint: /./,
  },
  {
    what: 'a hash of other content',
    line: `pytz==2024.1 --hash=sha256:${'0'.repeat(64)}`,
    code: 'HASH_MISMATCH',
    message: /pytz/,
    hint: /./,
  },
  { what: 'a line that is none', line: 'pytz===>>2', code: 'REQUIREMENTS_INVALID', message: /pytz===>>2/, hint: /./ },
] as const) {
  test(what, async () => {
    // With hashes, every line needs one.
    const content = code === 'HASH_MISMATCH' ? `${line}\n` : `${DJANGO}${line}\n`;
    await app.refuses({ change: { 'requirements.txt': content }, exit: 4, code, message, hint });
  });
}

test('two that exclude each other: what they ask for themselves is installed, and it is told', async () => {
  const putBack = changeFiles(app.project.directory, { 'requirements.txt': `${DJANGO}django<5\n` });
  try {
    const { release, warnings } = await app.project.up();
    assert.ok(Array.isArray(warnings));
    const told = warnings.find(({ code }) => code === 'requirements-contradict');
    assert.match(String(told?.message), /django>=5\.1,<5\.3 and django<5/);
    await app.stillServes(String(release));
  } finally {
    putBack();
  }
});

const NO_COMPILER = !existsSync('/usr/bin/gcc') && 'this machine has no compiler: apt-get install -y gcc libc6-dev python3-dev';

/** A package of the project's own with a C extension. */
const native = (header: string): Readonly<Record<string, string>> => ({
  'requirements.txt': `${DJANGO}./native\n`,
  'native/setup.py':
    'from setuptools import Extension, setup\n\nsetup(name="shop-native", version="1", ext_modules=[Extension("shop_native", ["native.c"])])\n',
  'native/native.c': `#include <${header}>\n`,
});

const ABSENT = [
  { header: 'sql.h', bringsIt: /unixodbc-dev/ },
  { header: 'gssapi/gssapi.h', bringsIt: /libkrb5-dev/ },
  { header: 'librdkafka/rdkafka.h', bringsIt: /librdkafka-dev/ },
].find(({ header }) => !existsSync(`/usr/include/${header}`));

test('a header that is missing: the package of the system that brings it', {
  skip: NO_COMPILER || (ABSENT === undefined && 'all are here'),
}, async () => {
  assert.ok(ABSENT !== undefined);
  await app.refuses({
    change: native(ABSENT.header),
    exit: 5,
    code: 'HEADER_MISSING',
    message: new RegExp(`native[\\s\\S]*${ABSENT.header.replace('.', '\\.')}`),
    hint: ABSENT.bringsIt,
  });
});

test('a compiler that is missing', async () => {
  await app.refuses({
    change: native('stdio.h'),
    run: { env: { CC: 'no-such-compiler', CXX: 'no-such-compiler' } },
    exit: 5,
    code: 'COMPILER_MISSING',
    hint: /build-essential|gcc/,
  });
});
