import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingPrograms } from '../../src/flows/missing-programs.js';
import { localHost } from '../../src/hosts/local.js';
import { inspect } from '../../src/project/inspect.js';
import { fixture } from '../project/trees.js';

const host = localHost(async (name) => Promise.reject(new Error(`no secret ${name}`)));

test('a program that the app starts and the machine lacks is told, with the package that brings it where there is one', async () => {
  const project = await inspect(fixture('programs'));
  const warnings = await missingPrograms(host, project);
  const told = warnings.find(({ message }) => message.includes('PACKAGER_COMMAND'));
  assert.deepEqual(told, {
    code: 'program-missing',
    message:
      'clips/settings.py:13 (PACKAGER_COMMAND) starts /opt/packager/bin/packager-that-nobody-has, which this machine does not have',
  });
  const shell = { wantedBy: 'x', when: 'run', packages: ['dash'], onlyWithoutWheel: false } as const;
  const lacking = { ...shell, packages: ['some-package'], probe: { program: 'no-such-program-here' } };
  const both = await missingPrograms(host, { natives: [{ ...shell, probe: { program: 'sh' } }, lacking, lacking] });
  assert.deepEqual(
    both.map(({ hint }) => hint),
    ['apt-get install -y some-package'],
  );
});

test('what is needed to build alone is none of it', async () => {
  const build = {
    wantedBy: 'x',
    when: 'build',
    packages: [],
    probe: { program: 'no-such-program-here' },
    onlyWithoutWheel: false,
  } as const;
  assert.deepEqual(await missingPrograms(host, { natives: [build] }), []);
});
