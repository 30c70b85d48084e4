import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { buildFailure, explainBuildFailure, explainInstallation } from '../../src/ops/build-failure.js';

/** What uv and pip really said, made to fail on a Debian 12: captured, shortened, home folders renamed. */
const folder = new URL('../../../test/fixtures/build-failures/', import.meta.url);
const captured = (name: string): string => readFileSync(new URL(`${name}.txt`, folder), 'utf8');

/** code, package, what is missing, a part of the hint */
const TABLE: Readonly<Record<string, readonly [string, (string | undefined)?, (string | undefined)?, string?]>> = {
  'uv-use-2to3': ['BUILD_TOOLS_TOO_NEW', 'anyjson 0.3.3'],
  'pip-use-2to3': ['BUILD_TOOLS_TOO_NEW', 'anyjson'],
  'uv-cython-3': ['BUILD_TOOLS_TOO_NEW', 'pyyaml 5.4.1'],
  'uv-bad-line': ['REQUIREMENTS_INVALID'],
  'pip-bad-line': ['REQUIREMENTS_INVALID'],
  'uv-file-missing': ['REQUIREMENTS_INVALID', undefined, 'nope.txt'],
  'pip-file-missing': ['REQUIREMENTS_INVALID', undefined, 'nope.txt'],
  'uv-no-gcc': ['COMPILER_MISSING', 'cffi 1.16.0', 'gcc', 'apt-get install -y build-essential'],
  'uv-uwsgi-no-gcc': ['COMPILER_MISSING', 'uwsgi 2.0.25.1', 'gcc', 'build-essential'],
  'uv-no-rust': ['PROGRAM_MISSING', 'cryptography 42.0.5', 'cargo', 'apt-get install -y cargo'],
  'uv-no-git': ['PROGRAM_MISSING', undefined, 'git', 'apt-get install -y git'],
  'uv-psycopg2': ['PROGRAM_MISSING', 'psycopg2 2.9.9', 'pg_config', 'apt-get install -y libpq-dev'],
  'uv-pycurl': ['PROGRAM_MISSING', 'pycurl 7.45.3', 'curl-config', 'libcurl4-openssl-dev'],
  'uv-mysqlclient': ['LIBRARY_MISSING', 'mysqlclient 2.2.4', 'mysqlclient', 'default-libmysqlclient-dev'],
  'pip-mysqlclient': ['LIBRARY_MISSING', 'mysqlclient 2.2.4', 'mysqlclient', 'default-libmysqlclient-dev'],
  'uv-python-ldap': ['HEADER_MISSING', 'python-ldap 3.4.4', 'lber.h', 'libldap-dev libsasl2-dev'],
  'pip-python-ldap': ['HEADER_MISSING', 'python-ldap', 'lber.h', 'libldap-dev libsasl2-dev'],
  'uv-pygraphviz': ['HEADER_MISSING', 'pygraphviz 1.12', 'graphviz/cgraph.h', 'libgraphviz-dev'],
  'pip-pygraphviz': ['HEADER_MISSING', 'pygraphviz', 'graphviz/cgraph.h', 'libgraphviz-dev'],
  'uv-pylibmc': ['HEADER_MISSING', 'pylibmc 1.6.3', 'libmemcached/memcached.h', 'libmemcached-dev'],
  'uv-pyodbc': ['HEADER_MISSING', 'pyodbc 5.1.0', 'sql.h', 'unixodbc-dev'],
  'uv-hash-mismatch': ['HASH_MISMATCH', 'django 4.2.1'],
  'pip-hash-mismatch': ['HASH_MISMATCH', 'django 4.2.1'],
  'uv-hash-missing': ['HASH_MISSING', 'gunicorn 22.0.0'],
  'uv-no-such-version': ['NO_MATCHING_VERSION', 'django 5.99'],
  'pip-no-such-version': ['NO_MATCHING_VERSION', 'django 5.99'],
  'uv-no-such-package': ['NO_SUCH_PACKAGE', 'slipway-no-such-package-here'],
  'uv-conflict': ['CONFLICT'],
  'pip-conflict': ['CONFLICT'],
  'uv-requires-python': ['PYTHON_TOO_OLD', 'django 6.1'],
  'uv-distutils': ['PYTHON_TOO_NEW', 'numpy 1.19.5'],
  'pip-setuptools-six': ['PYTHON_TOO_NEW', 'numpy 1.19.5'],
  'uv-bad-metadata': ['METADATA_INVALID', 'orjson 3.6.5'],
  'uv-git-unreachable': ['REPOSITORY_UNREACHABLE', undefined, 'https://github.invalid/x/y.git'],
  'uv-no-such-host': ['INDEX_UNREACHABLE'],
  'uv-refused': ['INDEX_UNREACHABLE'],
  'pip-refused': ['INDEX_UNREACHABLE'],
  'uv-certificate': ['CERTIFICATE_REFUSED'],
};

test('every captured failure is read', () => {
  const files = readdirSync(folder).map((name) => name.replace(/\.txt$/, ''));
  assert.deepEqual(files.sort(), Object.keys(TABLE).sort());
  for (const [name, [code, distribution, missing, hint]] of Object.entries(TABLE)) {
    const why = explainBuildFailure(captured(name));
    assert.deepEqual([why.code, why.package, why.missing], [code, distribution, missing], name);
    assert.ok(why.hint.includes(hint ?? ''), `${name}: ${why.hint}`);
    assert.ok(why.message.length > 20 && why.detail.length > 20, name);
    const failure = buildFailure(why);
    assert.equal(failure.code, code);
    assert.equal(failure.detail, why.detail);
  }
});

test('the lines that say so are in the detail', () => {
  assert.match(explainBuildFailure(captured('uv-mysqlclient')).detail, /pkg-config --exists/);
  assert.match(explainBuildFailure(captured('uv-python-ldap')).detail, /fatal error: lber\.h/);
  assert.match(
    explainBuildFailure(captured('uv-conflict')).message,
    /wagtail==7\.4 depends on django>=5\.2 and you require django==4\.2/,
  );
  assert.match(explainBuildFailure(captured('uv-bad-line')).message, /bad\.txt.*this is not a requirement/);
});

test('what is known to go away with older tools says with which', () => {
  assert.deepEqual(explainBuildFailure(captured('uv-use-2to3')).fallback, { buildConstraints: ['setuptools<58'] });
  assert.deepEqual(explainBuildFailure(captured('uv-cython-3')).fallback, { buildConstraints: ['cython<3'] });
  assert.deepEqual(explainBuildFailure(captured('uv-bad-metadata')).fallback, { installer: 'pip' });
  assert.equal(explainBuildFailure(captured('uv-mysqlclient')).fallback, undefined);
});

test('Python.h names the package of the very Python', () => {
  const output = 'gcc -I/usr/include/python3.12 -c x.c -o x.o\nx.c:1:10: fatal error: Python.h: No such file or directory\n';
  assert.deepEqual(explainBuildFailure(output).debian, ['python3.12-dev']);
});

test('an unknown failure is told as such, with its last lines', () => {
  const why = explainBuildFailure('error: Failed to build `shop==1`\nsomething nobody has seen\n');
  assert.deepEqual([why.code, why.package], ['BUILD_FAILED', 'shop 1']);
  assert.match(why.detail, /something nobody has seen/);
  assert.equal(explainBuildFailure('').code, 'BUILD_FAILED');
});

test('no password of an address is shown', () => {
  const why = explainBuildFailure(
    'error: Failed to fetch: https://me:hunter2@index.example/simple/django/\n  cause: dns error\n',
  );
  assert.equal(why.code, 'INDEX_UNREACHABLE');
  assert.ok(!JSON.stringify(why).includes('hunter2'), JSON.stringify(why));
});

test('an index of its own that a lock names, and where else the package may come from', () => {
  const failed = (host: string) =>
    explainBuildFailure(
      `  × Failed to download \`torch==2.13.0+cpu\`\n  ├─▶ Failed to fetch: \`https://${host}/whl/torch.whl\`\n  ╰─▶ dns error: failed to lookup\n`,
    );
  const own = failed('download.example');
  assert.equal(own.message, 'The package index does not answer: download.example, from where torch 2.13.0+cpu comes');
  assert.match(own.hint, /in slipway\.yml: {2}python_packages: \["torch==2\.13\.0"\]$/);
  assert.doesNotMatch(failed('files.pythonhosted.org').hint, /slipway\.yml/);
});

test('a failed step is told in the words of its output, others stay as they are', () => {
  const other = new Failure('PORT_TAKEN', 'conflict', 'x');
  assert.equal(explainInstallation(other).failure, other);
  const failed = new Failure('DEPENDENCIES_FAILED', 'environment', 'x', { detail: captured('uv-use-2to3') });
  const { failure, fallback } = explainInstallation(failed);
  assert.equal(failure.code, 'BUILD_TOOLS_TOO_NEW');
  assert.deepEqual(fallback, { buildConstraints: ['setuptools<58'] });
  const added = new Failure('ADDITIONS_FAILED', 'project', 'x', { detail: captured('uv-conflict') });
  const conflict = explainInstallation(added).failure;
  assert.equal(conflict.code, 'ADDITIONS_CONFLICT');
  assert.match(conflict.message, /wagtail.*django==4\.2/);
});
