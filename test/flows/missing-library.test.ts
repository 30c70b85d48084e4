import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProbeError } from '../../src/core/facts.js';
import type { NativeNeed } from '../../src/core/project.js';
import { missingLibrary } from '../../src/flows/missing-library.js';
import { localHost } from '../../src/hosts/local.js';
import { inspect } from '../../src/project/inspect.js';
import { PLAIN, projectContext } from './context.js';

const GIS: ProbeError = {
  kind: 'missing-library',
  name: 'GDAL',
  message: 'Could not find the GDAL library',
  frames: [{ file: 'shop/models.py', line: 1, function: '<module>', text: 'from django.contrib.gis.db import models' }],
};
const need = (library: string, name: string): NativeNeed => ({
  wantedBy: 'django.contrib.gis',
  when: 'run',
  packages: [name],
  probe: { library },
  onlyWithoutWheel: false,
});

test('a library that the project does not start without is named, with one command for all that is lacking', async (context) => {
  const shop = await projectContext(context, PLAIN);
  const project = await inspect(shop.directory);
  const natives = [need('libno-such-thing.so.9', 'libno-such9'), need('libnor-this.so', 'nor-this'), need('libc.so.6', 'libc6')];
  const failure = await missingLibrary(localHost(), { ...project, natives }, [GIS]);
  assert.equal(failure?.code, 'LIBRARY_MISSING');
  assert.match(failure.message, /^shop\/models\.py:1 needs the library GDAL/);
  assert.equal(failure.hint, 'apt-get install -y libno-such9 nor-this');
  assert.equal(await missingLibrary(localHost(), { ...project, natives }, []), undefined);
});
