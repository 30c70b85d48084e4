import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import type { PythonWish } from '../../src/core/project.js';
import { interpreterQuery, parseInterpreters, parsePythonSystem } from '../../src/ops/interpreters.js';
import { absentPython, chooseInterpreter, pythonInstallCommand } from '../../src/ops/python.js';
import { chooseToolboxPython } from '../../src/ops/toolbox.js';
import { interpreter } from '../support/interpreter.js';

const ALL = ['3.6.15', '3.7.16', '3.8.18', '3.9.18', '3.10.13', '3.11.2', '3.12.1', '3.13.0'].map((version) =>
  interpreter(version),
);

const wish = (required: string, preferred?: string, advised?: string): PythonWish => ({
  required: required === '' ? [] : [{ value: required, from: 'pyproject.toml:4' }],
  ...(preferred === undefined ? {} : { preferred: { value: preferred, from: 'runtime.txt:1' } }),
  ...(advised === undefined ? {} : { advised: [{ value: advised, from: 'Django 4.2' }] }),
});

test('the interpreter is the one the project would take', () => {
  const table: readonly (readonly [string, PythonWish, string])[] = [
    ['newest of all', wish(''), '3.13.0'],
    ['newest that the range allows', wish('>=3.8,<3.12'), '3.11.2'],
    ['the series it names, whatever the patch', wish('>=3.8', '3.10.2'), '3.10.13'],
    ['the series it names, also beyond what Django was tested with', wish('>=3.8', '3.13', '<3.13'), '3.13.0'],
    ['what Django was made for before what is merely allowed', wish('>=3.8', undefined, '<3.13'), '3.12.1'],
    ['what is merely allowed where nothing else is there', wish('>=3.13', undefined, '<3.13'), '3.13.0'],
    ['the next newer one where the named one is absent', wish('>=3.8', '3.5'), '3.8.18'],
    ['the nearest older one where there is no newer', wish('>=3.8', '3.14.7'), '3.13.0'],
    ['an exact version', wish('==3.12.1'), '3.12.1'],
    ['old ones', wish('<3.7'), '3.6.15'],
  ];
  for (const [what, wanted, expected] of table) assert.equal(chooseInterpreter(ALL, wanted).value.version, expected, what);
});

test('what is brought to a host that has one Python', () => {
  const table: readonly (readonly [string, PythonWish, string | undefined])[] = [
    ['nothing for whom nothing matters', wish(''), undefined],
    ['nothing where the range allows it', wish('>=3.10'), undefined],
    ['the newest that the range allows', wish('>=3.8,<3.12'), '3.11'],
    ['the series it names, whatever the patch', wish('>=3.8', '3.10.2'), '3.10'],
    ['nothing where it names what is there, whatever Django was tested with', wish('>=3.8', '3.13', '<3.13'), undefined],
    ['what Django was made for', wish('>=3.8', undefined, '<3.13'), '3.12'],
    ['nothing where what Django was made for is not allowed', wish('>=3.13', undefined, '<3.13'), undefined],
    ['an exact version', wish('==3.12.1'), '3.12.1'],
    ['what its ranges allow, where it names another', wish('>=3.8,<3.12', '3.5'), '3.11'],
    ['nothing that is no longer run', wish('<3.5'), undefined],
    ['nothing for a range that is none', wish('three'), undefined],
  ];
  const there = [interpreter('3.13.5')];
  for (const [what, wanted, expected] of table) assert.equal(absentPython(there, wanted), expected, what);
  assert.equal(absentPython([interpreter('3.13.5', { lacks: ['ssl'] })], wish('')), '3.14', 'one without TLS is none');
});

test('it says why', () => {
  assert.equal(chooseInterpreter(ALL, wish('>=3.8', '3.10.2')).from, 'runtime.txt:1');
  assert.equal(chooseInterpreter(ALL, wish('>=3.8', '3.14.7')).from, 'nearest installed to 3.14.7 (runtime.txt:1)');
  assert.match(
    chooseInterpreter(ALL, wish('>=3.8', undefined, '<3.13')).from,
    />=3\.8 \(pyproject\.toml:4\) and <3\.13 \(Django 4\.2\)/,
  );
});

test('what cannot serve is not chosen', () => {
  const odd = [
    interpreter('3.13.0', { lacks: ['ssl'] }),
    interpreter('3.14.0', { freeThreaded: true }),
    interpreter('3.11.4', { implementation: 'pypy' }),
    interpreter('3.12.0', { lacks: ['sqlite3'] }),
  ];
  assert.equal(chooseInterpreter([...odd, interpreter('3.9.1')], wish('')).value.version, '3.9.1');
  assert.equal(chooseInterpreter(odd, wish('')).value.version, '3.12.0', 'a build without sqlite3 before none at all');
  assert.equal(chooseInterpreter([interpreter('3.14.0rc1'), interpreter('3.12.1')], wish('')).value.version, '3.12.1');
  const two = [interpreter('3.12.9', { headers: false, path: '/a' }), interpreter('3.12.1', { path: '/b' })];
  assert.equal(chooseInterpreter(two, wish('')).value.path, '/b', 'one that can compile before a later patch release');
});

test('a missing Python is named with who wants it and the command that installs it', () => {
  const failure = (run: () => unknown): Failure => {
    try {
      run();
    } catch (error) {
      if (error instanceof Failure) return error;
    }
    throw new Error('no Failure');
  };
  const debian = { id: 'debian', version: '13', pyenv: false, uv: false };
  const missing = failure(() => chooseInterpreter([interpreter('3.9.18')], wish('>=3.12'), debian));
  assert.deepEqual([missing.code, missing.kind], ['PYTHON_MISSING', 'environment']);
  assert.match(missing.message, />=3\.12 \(pyproject\.toml:4\)/);
  assert.match(missing.detail ?? '', /3\.9\.18 \(\/opt\/3\.9\.18\/bin\/python3\)/);
  const table: readonly (readonly [string, Parameters<typeof pythonInstallCommand>[1], RegExp])[] = [
    ['3.13', debian, /^apt-get install -y python3\.13 python3\.13-venv python3\.13-dev$/],
    ['3.12', { id: 'ubuntu', version: '24.04', pyenv: false, uv: false }, /^apt-get install -y python3\.12 /],
    ['3.12', debian, /uv python install 3\.12/],
    ['3.12', { ...debian, pyenv: true }, /^pyenv install 3\.12$/],
    ['3.12', { ...debian, uv: true }, /^uv python install 3\.12$/],
    ['3.13.1', debian, /uv python install 3\.13\.1/],
  ];
  for (const [version, system, expected] of table) assert.match(pythonInstallCommand(version, system), expected);
  const conflict = failure(() =>
    chooseInterpreter(ALL, {
      required: [
        { value: '>=3.12', from: 'Django 6.1' },
        { value: '<3.11', from: 'Pipfile:9' },
      ],
    }),
  );
  assert.deepEqual([conflict.code, conflict.kind], ['PYTHON_CONFLICT', 'project']);
  const old = failure(() => chooseInterpreter(ALL, wish('>=3.2,<3.5')));
  assert.deepEqual([old.code, old.kind], ['PYTHON_UNSUPPORTED', 'project']);
  assert.match(old.message, />=3\.2,<3\.5.*Python 3\.6 is the oldest/);
  assert.match(conflict.message, /Django 6\.1.*Pipfile:9/);
  assert.equal(failure(() => chooseInterpreter(ALL, wish('^3.8'))).code, 'PYTHON_CONFLICT');
  assert.match(failure(() => chooseInterpreter([], wish(''))).detail ?? '', /No Python 3 was found/);
});

test('the toolbox is made from a Python that stays, and a missing venv is named', () => {
  const system = interpreter('3.11.2', { path: '/usr/bin/python3.11' });
  assert.equal(chooseToolboxPython([...ALL, system]).path, '/usr/bin/python3.11');
  const bare = interpreter('3.13.5', { path: '/usr/bin/python3.13', venv: false });
  assert.equal(chooseToolboxPython([bare, interpreter('3.12.1')]).version, '3.12.1');
  assert.throws(() => chooseToolboxPython([bare]), { code: 'VENV_MISSING', hint: 'apt-get install -y python3-venv' });
  assert.equal(chooseToolboxPython([bare], { id: '', version: '', pyenv: false, uv: true }).version, '3.13.5');
  assert.throws(() => chooseToolboxPython([interpreter('3.7.16')]), { code: 'PYTHON_MISSING' });
});

test('the query finds real interpreters and no shims, virtual environments or noise', () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway pythons-'));
  try {
    const real = execFileSync('python3', ['-c', 'import os, sys; print(os.path.realpath(sys.executable))'], {
      encoding: 'utf8',
    }).trim();
    for (const folder of ['shims', 'first', '.pyenv/versions/odd name/bin']) mkdirSync(join(home, folder), { recursive: true });
    symlinkSync(real, join(home, '.pyenv/versions/odd name/bin/python3'));
    execFileSync(real, ['-m', 'venv', '--copies', '--without-pip', join(home, '.pyenv/versions/virtual')]);
    writeFileSync(join(home, 'shims/python3'), '#!/bin/sh\necho shim was started >> "$HOME/started"\n', { mode: 0o755 });
    writeFileSync(join(home, 'first/python3'), '#!/bin/sh\necho "not a python"; exit 0\n', { mode: 0o755 });
    const { argv } = interpreterQuery();
    const [program = '', ...args] = argv.map(String);
    const stdout = execFileSync(program, args, {
      encoding: 'utf8',
      env: { PATH: `${home}/shims:${home}/first:/usr/bin:/bin`, HOME: home },
    });
    const paths = parseInterpreters(stdout).map((one) => one.path);
    assert.equal(paths.filter((path) => path === real).length, 1, 'once, by its real path');
    assert.ok(!paths.some((path) => /\/(shims|first|virtual)\//.test(path)));
    assert.throws(() => execFileSync('cat', [join(home, 'started')], { stdio: 'pipe' }), 'the shim was not started');
    assert.equal(parsePythonSystem(stdout).pyenv, false);
    for (const one of parseInterpreters(stdout)) assert.match(one.version, /^3\.\d+\.\d+/);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('answers that are none are left out', () => {
  const lines = [
    '@@PYTHON@@{broken',
    '@@PYTHON@@{"path":"/x","version":"2.7.18","implementation":"cpython","lacks":[]}',
    '@@PYTHON@@[]',
    'noise',
  ];
  assert.deepEqual(parseInterpreters(lines.join('\n')), []);
});
