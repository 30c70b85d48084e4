import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureCertificate } from '../../src/flows/certificate.js';
import { localHost } from '../../src/hosts/local.js';
import { authorityCertificate, authorityFolder, layout, stateFiles } from '../../src/targets/local/layout.js';

test('apps that come up at the same time in a new home have certificates of one authority', async () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-authority-'));
  const host = localHost();
  try {
    const apps = Array.from({ length: 6 }, (_, index) => ({
      host,
      at: layout(home, `app-${index}`, 'local', join(home, 'run')),
    }));
    await Promise.all(apps.map((app) => ensureCertificate(app, ['localhost'])));
    const authority = new X509Certificate(readFileSync(authorityCertificate(home)));
    const own = apps.map(({ at }) => new X509Certificate(readFileSync(stateFiles(at).certificate)));
    assert.ok(own.every((certificate) => certificate.verify(authority.publicKey)));
    assert.deepEqual(readdirSync(authorityFolder(home)).sort(), ['ca-key.pem', 'ca.pem']);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
