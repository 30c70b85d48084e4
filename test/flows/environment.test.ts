import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApp } from '../../src/flows/app.js';
import { planEnvironment } from '../../src/flows/environment.js';
import type { Pythons } from '../../src/flows/toolbox.js';
import { inspect } from '../../src/project/inspect.js';
import { interpreter } from '../support/interpreter.js';
import { PLAIN, projectContext } from './context.js';

const having = (...versions: string[]): Pythons => ({
  interpreters: versions.map((version) => interpreter(version)),
  system: { id: 'debian', version: '13', pyenv: false, uv: false },
});

test('a Python that the project names is brought where that can be done, and another is used where it cannot be had', async (context) => {
  const own = await projectContext(context, { ...PLAIN, 'runtime.txt': 'python-3.10.2\n' });
  const wish = { app: await openApp(own), project: await inspect(own.directory), additions: [], fingerprint: '', source: '/src' };
  const there = having('3.13.5');
  const asked: string[] = [];
  const planned = async (after: Pythons | undefined) => {
    const bringPython = async (version: string) => {
      asked.push(version);
      return after ?? there;
    };
    const tooling = { pythons: async () => there, ...(after === undefined ? {} : { bringPython }) };
    return (await planEnvironment(wish, tooling)).spec.interpreter.version;
  };
  assert.equal(await planned(undefined), '3.13.5', 'of a machine whose owner decides');
  assert.deepEqual(asked, []);
  assert.equal(await planned(having('3.13.5', '3.10.22')), '3.10.22');
  assert.equal(await planned(there), '3.13.5', 'it could not be brought');
  assert.deepEqual(asked, ['3.10', '3.10']);
});
