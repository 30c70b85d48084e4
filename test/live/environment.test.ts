import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test as testAnywhere } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import type { Dependencies, DependencyManager } from '../../src/core/project.js';
import { explainInstallation } from '../../src/ops/build-failure.js';
import { bytecodeStep, environmentPaths, environmentSteps, installsFromTree } from '../../src/targets/local/environment.js';
import { Lab, modernPythonMissing, perform, tree } from '../support/environment-lab.js';

const skip = modernPythonMissing();
const test = (name: string, work: (context: TestContext) => Promise<void>) => testAnywhere(name, { skip }, work);

const lab = new Lab();
before(async () => {
  await lab.open();
  await lab.tools();
});
after(() => lab.close());

const locks = new URL('../../../test/fixtures/locks/', import.meta.url);
const by = (value: DependencyManager): Pick<Dependencies, 'manager'> => ({ manager: { value, from: 'test' } });
const run = (python: string, code: string): string => execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim();

async function failureOf(done: Promise<unknown>): Promise<Failure> {
  try {
    await done;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

const LOCKED: readonly (readonly [string, DependencyManager, string])[] = [
  ['uv', 'uv', 'uv.lock'],
  ['poetry', 'poetry', 'poetry.lock'],
  ['poetry-1', 'poetry', 'poetry.lock'],
  ['pdm', 'pdm', 'pdm.lock'],
  ['pdm-old', 'pdm', 'pdm.lock'],
  ['pipenv', 'pipenv', 'Pipfile.lock'],
];

/** The version a lock holds: TOML of uv, Poetry and PDM, JSON of Pipenv. */
const locked = (text: string, name: string): string =>
  text.startsWith('{')
    ? JSON.parse(text).default[name].version.replace('==', '')
    : (new RegExp(`^name = "${name}"\\nversion = "([\\d.]+)"`, 'm').exec(text)?.[1] ?? '');

for (const [folder, manager, file] of LOCKED) {
  test(`${folder}: exactly what the lock says, nothing for development, nothing written into the project`, async () => {
    const source = lab.project(folder, new URL(`${folder}/`, locks));
    const before = tree(source);
    const manifest = manager === 'pipenv' ? 'Pipfile' : 'pyproject.toml';
    const wanted = { ...by(manager), files: [file, manifest] };
    const made = await lab.make(lab.spec(`lock-${folder}`, source, wanted));
    const text = readFileSync(join(source, file), 'utf8');
    assert.equal(made.packages['asgiref'], locked(text, 'asgiref'));
    assert.equal(made.packages['sqlparse'], locked(text, 'sqlparse'));
    assert.equal(made.packages['iniconfig'], undefined);
    assert.equal(made.packages['packaging'], undefined);
    assert.deepEqual(tree(source), before);
  });
}

test('groups and extras that production needs are installed too', async () => {
  for (const [folder, manager, file, more] of [
    ['uv', 'uv', 'uv.lock', { groups: ['extra'] }],
    ['poetry', 'poetry', 'poetry.lock', { groups: ['extra'] }],
    ['pdm', 'pdm', 'pdm.lock', { extras: ['extra'] }],
  ] as const) {
    const source = lab.project(`${folder} groups`, new URL(`${folder}/`, locks));
    const { packages } = await lab.make(
      lab.spec(`groups-${folder}`, source, { ...by(manager), files: [file, 'pyproject.toml'], ...more }),
    );
    assert.match(packages['packaging'] ?? '', /^2[0-4]\./, folder);
    assert.equal(packages['iniconfig'], undefined, folder);
  }
});

test('requirements with additions: whole, compiled, watched over by the runtime, and untouched the second time', async () => {
  const source = lab.project('requirements', {
    'requirements/base.txt': 'sqlparse==0.4.4\n',
    'requirements/production.txt': '-r base.txt\nasgiref<3.8\n',
  });
  const wanted = { files: ['requirements/production.txt'], inputs: ['requirements/production.txt', 'requirements/base.txt'] };
  const spec = lab.spec('requirements', source, wanted, { additions: ['gunicorn', 'sqlparse'] });
  const { at, packages } = await lab.make(spec);
  assert.equal(packages['sqlparse'], '0.4.4', 'an addition changes no pin');
  assert.ok(packages['gunicorn'] !== undefined && packages['asgiref']?.startsWith('3.7'));
  assert.equal(run(at.python, 'import sys; print(sys.slipway_was_here)'), 'True');
  assert.match(execFileSync(`${at.bin}/gunicorn`, ['--version'], { encoding: 'utf8' }), /gunicorn/);
  const site = run(at.python, 'import sysconfig; print(sysconfig.get_paths()["purelib"])');
  assert.equal((await perform([bytecodeStep(spec, 'likely')])).steps['environment.bytecode'], 'done');
  assert.ok(existsSync(join(site, 'gunicorn/workers/__pycache__')), 'a module that no start does without');
  assert.ok(!existsSync(join(site, 'gunicorn/instrument/__pycache__')));
  rmSync(join(at.folder, '.bytecode'));
  assert.equal((await perform([bytecodeStep(spec, 'all')])).steps['environment.bytecode'], 'done');
  for (const name of ['sqlparse', 'gunicorn', 'slipway_runtime']) assert.ok(existsSync(join(site, name, '__pycache__')), name);
  const again = await perform([...environmentSteps(spec), bytecodeStep(spec, 'all')]);
  assert.deepEqual([...new Set(Object.values(again.steps))], ['same']);
});

test('an addition that would change a pin is refused, and both are named', async () => {
  const source = lab.project('pin', { 'requirements.txt': 'h11==0.12.0\n' });
  const pinned = { files: ['requirements.txt'] };
  const together = await failureOf(
    perform(environmentSteps(lab.spec('pin', source, pinned, { additions: ['httpcore==1.0.5'] }))),
  );
  assert.equal(explainInstallation(together).failure.code, 'CONFLICT');
  const spec = lab.spec('pin-apart', source, pinned, { additions: ['httpcore==1.0.5'], fallback: {} });
  const failed = await failureOf(perform(environmentSteps(spec)));
  const { failure } = explainInstallation(failed);
  assert.deepEqual([failure.code, failure.kind], ['ADDITIONS_CONFLICT', 'project']);
  assert.match(failure.message, /httpcore.*h11|h11.*httpcore/s);
  assert.ok(!existsSync(`${environmentPaths(spec.home, spec.key).folder}/.complete`));
});

test('requirements that contradict each other can be installed as they are written', async () => {
  const source = lab.project('contradiction', {
    'base.txt': 'h11>=0.13\nhttpcore==1.0.5\n',
    'requirements.txt': '-r base.txt\nh11==0.12.0\n',
  });
  const wanted = { files: ['requirements.txt'], inputs: ['requirements.txt', 'base.txt'] };
  const failed = await failureOf(perform(environmentSteps(lab.spec('contradiction', source, wanted))));
  assert.equal(explainInstallation(failed).failure.code, 'CONFLICT');
  const { packages } = await lab.make(lab.spec('contradiction-mended', source, wanted, { fallback: { ownVersions: true } }));
  assert.deepEqual([packages['h11'], packages['httpcore']], ['0.12.0', '1.0.5']);
});

test('an environment that was cut off is never used, and made again from nothing', async () => {
  const source = lab.project('cut', { 'requirements.txt': 'sqlparse==0.4.4\n' });
  const spec = lab.spec('cut', source, { files: ['requirements.txt'] });
  const { folder } = environmentPaths(spec.home, spec.key);
  const steps = environmentSteps(spec);
  await perform(steps.slice(0, 2));
  assert.ok(!existsSync(`${folder}/.complete`));
  writeFileSync(`${folder}/half`, '');
  const { steps: did } = await lab.make(spec);
  assert.equal(did['environment.install'], 'done');
  assert.ok(!existsSync(`${folder}/half`));
  // The interpreter it was made from was removed from the machine.
  rmSync(`${folder}/bin/python`);
  assert.equal((await lab.make(spec)).steps['environment.create'], 'done');
});

test('hashes: right ones install, a wrong one ends it, a missing one is named', async () => {
  const right = 'sqlparse==0.4.4 --hash=sha256:5430a4fe2ac7d0f93e66f1efc6e1338a41884b7ddf2a350cedd20ccc4d9d28f3';
  const make = (name: string, text: string) => {
    const source = lab.project(`hash ${name}`, { 'requirements.txt': text });
    return lab.spec(`hash-${name}`, source, { files: ['requirements.txt'] });
  };
  assert.equal((await lab.make(make('right', right))).packages['sqlparse'], '0.4.4');
  const wrong = await failureOf(perform(environmentSteps(make('wrong', right.replace('5430', '0000')))));
  assert.equal(explainInstallation(wrong).failure.code, 'HASH_MISMATCH');
  const missing = await failureOf(perform(environmentSteps(make('missing', `${right}\nasgiref==3.8.1\n`))));
  const told = explainInstallation(missing).failure;
  assert.equal(told.code, 'HASH_MISSING');
  assert.match(told.message, /asgiref/);
});

test('a project that installs itself is installed, not linked: the environment outlives the copy', async () => {
  const setup =
    'from setuptools import setup\nsetup(name="shop", version="1.0", packages=["shop"], install_requires=["sqlparse==0.4.4"])\n';
  const files = { 'setup.py': setup, 'shop/__init__.py': 'where = __file__\n', 'requirements.txt': '-e .\n' };
  const editable = lab.project('editable', files);
  const wanted = { files: ['requirements.txt'], inputs: ['requirements.txt', 'setup.py'] };
  const spec = lab.spec('editable', editable, wanted);
  assert.equal(installsFromTree(spec.dependencies, spec.inputs), true);
  const { at, packages } = await lab.make(spec);
  assert.deepEqual([packages['shop'], packages['sqlparse']], ['1.0', '0.4.4']);
  assert.ok(run(at.python, 'import shop; print(shop.where)').startsWith(at.folder));
  const declared = lab.project('declared', files);
  const only = await lab.make(lab.spec('declared', declared, { ...by('setup.py'), files: ['setup.py'] }));
  assert.deepEqual([only.packages['shop'], only.packages['sqlparse']], [undefined, '0.4.4']);
});

test('pyproject, conda and nothing at all', async () => {
  const pyproject =
    '[project]\nname = "shop"\nversion = "1"\ndependencies = ["sqlparse==0.4.4"]\n[project.optional-dependencies]\nfast = ["asgiref==3.7.2"]\n';
  const declared = lab.project('pyproject', { 'pyproject.toml': pyproject });
  const first = await lab.make(
    lab.spec('pyproject', declared, { ...by('pyproject'), files: ['pyproject.toml'], extras: ['fast'] }),
  );
  assert.deepEqual(first.packages, { asgiref: '3.7.2', sqlparse: '0.4.4' });
  const conda = lab.project('conda', {
    'environment.yml': 'dependencies:\n  - python=3.12\n  - sqlparse=0.4\n  - pip:\n    - asgiref==3.7.2\n',
  });
  const second = await lab.make(lab.spec('conda', conda, { ...by('conda'), files: ['environment.yml'] }));
  assert.deepEqual(second.packages, { asgiref: '3.7.2', sqlparse: '0.4.4' });
  const none = lab.project('none', { 'manage.py': '' });
  const third = await lab.make(lab.spec('none', none, { ...by('none'), guessed: [{ value: 'sqlparse', from: 'x.py:1' }] }));
  assert.ok(third.packages['django'] !== undefined && third.packages['sqlparse'] !== undefined);
});

test('a build that needs older tools fails by name, and goes through with them', async (context) => {
  const source = lab.project('old', { 'requirements.txt': 'anyjson==0.3.3\n' });
  const python = lab.python('3.11') ?? lab.python('3.12');
  // The cure is setuptools<58, which itself does not run on a newer one.
  if (python === undefined) return context.skip('no Python 3.11 or 3.12 on this machine');
  const spec = lab.spec('old', source, { files: ['requirements.txt'] }, { interpreter: python });
  const { failure, fallback } = explainInstallation(await failureOf(perform(environmentSteps(spec))));
  assert.equal(failure.code, 'BUILD_TOOLS_TOO_NEW');
  assert.ok(fallback !== undefined);
  assert.equal((await lab.make({ ...spec, fallback })).packages['anyjson'], '0.3.3');
});

for (const [folder, manager, file] of LOCKED) {
  test(`${folder}: a version of the user's takes the place of the locked one, and nothing else changes`, async () => {
    const source = lab.project(`${folder} replaced`, new URL(`${folder}/`, locks));
    const manifest = manager === 'pipenv' ? 'Pipfile' : 'pyproject.toml';
    const wanted = { ...by(manager), files: [file, manifest] };
    const { packages } = await lab.make(
      lab.spec(`replaced-${folder}`, source, wanted, { additions: ['sqlparse==0.4.3'], fallback: { without: ['sqlparse'] } }),
    );
    const text = readFileSync(join(source, file), 'utf8');
    assert.deepEqual([packages['sqlparse'], packages['asgiref']], ['0.4.3', locked(text, 'asgiref')]);
  });
}

test('pip itself installs where uv cannot', async () => {
  const source = lab.project('pip', { 'requirements.txt': 'sqlparse==0.4.4\n' });
  const { packages } = await lab.make(
    lab.spec('pip', source, { files: ['requirements.txt'] }, { fallback: { installer: 'pip' } }),
  );
  assert.equal(packages['sqlparse'], '0.4.4');
});

for (const wanted of ['3.6', '3.7', '3.8', '3.13']) {
  test(`Python ${wanted}`, async (context) => {
    const python = lab.python(wanted);
    if (python === undefined) return context.skip(`no Python ${wanted} on this machine`);
    const source = lab.project(wanted, { 'requirements.txt': 'django<6\n' });
    const { at, packages } = await lab.make(
      lab.spec(`python-${wanted}`, source, { files: ['requirements.txt'] }, { interpreter: python, additions: ['gunicorn'] }),
    );
    assert.equal(run(at.python, 'import django; print(django.__version__)'), packages['django']);
    assert.equal(run(at.python, 'import sys; print("%d.%d" % sys.version_info[:2], sys.slipway_was_here)'), `${wanted} True`);
  });
}

test("pip's settings reach uv, and a password in them is shown nowhere", async () => {
  const source = lab.project('settings', { 'requirements.txt': 'sqlparse==0.4.3\n' });
  const config = join(lab.root, 'pip.conf');
  writeFileSync(config, '[global]\nindex-url = http://me:hunter2@127.0.0.1:9/simple\n');
  const env = { PIP_CONFIG_FILE: config, PIP_FIND_LINKS: '', UV_HTTP_RETRIES: '0' };
  const failed = await failureOf(
    perform(environmentSteps(lab.spec('settings', source, { files: ['requirements.txt'] }, { env }))),
  );
  const { failure } = explainInstallation(failed);
  assert.equal(failure.code, 'INDEX_UNREACHABLE');
  assert.match(failure.message, /127\.0\.0\.1:9/);
  assert.ok(!JSON.stringify([failed, failure.message, failure.detail]).includes('hunter2'));
});

test('the source may lie anywhere', async () => {
  const odd = join(lab.root, 'a $HOME "b" \'c\' ü');
  mkdirSync(odd);
  writeFileSync(join(odd, 'requirements.txt'), 'sqlparse==0.4.4\n');
  const { packages } = await lab.make(lab.spec('odd', odd, { files: ['requirements.txt'] }));
  assert.equal(packages['sqlparse'], '0.4.4');
  assert.deepEqual(readdirSync(odd), ['requirements.txt']);
});

test('a uv that the project demands is the one that reads its lock', async () => {
  const source = lab.project('uv version', new URL('uv/', locks));
  writeFileSync(
    join(source, 'pyproject.toml'),
    `${readFileSync(join(source, 'pyproject.toml'), 'utf8')}\n[tool.uv]\nrequired-version = "<0.10"\n`,
  );
  const spec = lab.spec('uv-version', source, { ...by('uv'), files: ['uv.lock', 'pyproject.toml'] });
  const { failure, fallback } = explainInstallation(await failureOf(perform(environmentSteps(spec))));
  assert.deepEqual([failure.code, fallback], ['UV_VERSION', { uv: '<0.10' }]);
  assert.equal((await lab.make({ ...spec, fallback: fallback ?? {} })).packages['sqlparse'], '0.4.4');
});

test('a Pipfile without a lock', async () => {
  const source = lab.project('pipfile', { Pipfile: '[packages]\nsqlparse = "==0.4.4"\n[dev-packages]\niniconfig = "*"\n' });
  const { packages } = await lab.make(lab.spec('pipfile', source, { ...by('pipenv'), files: ['Pipfile'] }));
  assert.deepEqual([packages['sqlparse'], packages['iniconfig']], ['0.4.4', undefined]);
  assert.deepEqual(tree(source), ['Pipfile']);
});

test('old Pythons have pkg_resources, as `python -m venv` gave it to them', async (context) => {
  const python = lab.python('3.9') ?? lab.python('3.11');
  if (python === undefined) return context.skip('no Python 3.9 or 3.11 on this machine');
  const source = lab.project('pkg_resources', { 'requirements.txt': 'sqlparse==0.4.4\n' });
  const { at } = await lab.make(lab.spec('pkg', source, { files: ['requirements.txt'] }, { interpreter: python }));
  assert.equal(run(at.python, 'import warnings; warnings.simplefilter("ignore"); import pkg_resources; print("there")'), 'there');
});
