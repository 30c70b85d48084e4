import assert from 'node:assert/strict';
import { test } from 'node:test';
import { condaRequirements } from '../../src/ops/conda.js';
import { pipfileLockRequirements } from '../../src/ops/pipenv.js';

const lock = (packages: object, sources: readonly object[] = []): string =>
  JSON.stringify({ _meta: { sources }, default: packages, develop: { pytest: { version: '==8.0' } } });

test('a Pipfile.lock becomes requirements with every pin and hash', () => {
  const text = pipfileLockRequirements(
    lock({
      django: { version: '==4.2.11', hashes: ['sha256:aa', 'sha256:bb'], index: 'pypi' },
      psycopg: { version: '==3.1', extras: ['binary', 'pool'], markers: "python_version >= '3.8'" },
      widget: { git: 'https://example.org/widget.git', ref: 'abc', subdirectory: 'py' },
      gadget: { git: 'git@example.org:me/gadget.git', ref: 'v1' },
      mine: { path: 'libs/mine', editable: true },
      wheel: { file: 'https://example.org/wheel-1.0-py3-none-any.whl' },
    }),
  );
  assert.equal(
    text,
    [
      'django==4.2.11 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb',
      "psycopg[binary,pool]==3.1 ; python_version >= '3.8'",
      'widget @ git+https://example.org/widget.git@abc#subdirectory=py',
      'gadget @ git+ssh://git@example.org/me/gadget.git@v1',
      './libs/mine',
      'wheel @ https://example.org/wheel-1.0-py3-none-any.whl',
      '',
    ].join('\n'),
  );
});

test('the indexes of a Pipfile.lock are kept, the public one as the default of the machine', () => {
  const pypi = { url: 'https://pypi.org/simple' };
  const own = { url: 'https://index.example/simple' };
  assert.equal(pipfileLockRequirements(lock({}, [pypi])), '');
  assert.equal(pipfileLockRequirements(lock({}, [pypi, own])), '--extra-index-url https://index.example/simple\n');
  assert.equal(pipfileLockRequirements(lock({}, [own])), '--index-url https://index.example/simple\n');
});

test('a broken Pipfile.lock is named', () => {
  assert.throws(() => pipfileLockRequirements('<<<<<<< HEAD', 'app/Pipfile.lock'), {
    code: 'LOCK_UNREADABLE',
    kind: 'project',
    message: /app\/Pipfile\.lock is not JSON/,
  });
  assert.throws(() => pipfileLockRequirements('{}'), { code: 'LOCK_UNREADABLE' });
});

test('a conda environment becomes requirements of PyPI, with a warning', () => {
  const yaml = `name: shop
channels:
  - conda-forge
  - defaults
dependencies:
  - python=3.11
  - pip
  # the web
  - django=4.2
  - conda-forge::numpy==1.26.4=py311h64a7726_0
  - "pillow>=9.0,<11"
  - psycopg2
  - postgresql=15
  - libxml2
  - requests   # plain
  - pip:
      - gunicorn==22.0
      - -r extra.txt
  - celery
prefix: /opt/conda/envs/shop
`;
  const { requirements, warnings } = condaRequirements(yaml);
  assert.deepEqual(requirements, [
    'django==4.2.*',
    'numpy==1.26.4',
    'Pillow>=9.0,<11',
    'psycopg2-binary',
    'requests',
    'gunicorn==22.0',
    '-r extra.txt',
    'celery',
  ]);
  assert.equal(warnings[0]?.code, 'conda-from-pypi');
  assert.match(warnings[0]?.message ?? '', /without python=3\.11, pip, postgresql=15, libxml2/);
});
