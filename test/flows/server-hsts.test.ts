import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strictTransport } from '../../src/flows/server/release.js';

test('the edge tells browsers to stay on HTTPS for as long as the settings say', () => {
  const cases = [
    [{}, { hstsSeconds: 3600, hstsReach: '' }],
    [{ SECURE_HSTS_SECONDS: 0 }, { hstsSeconds: 3600, hstsReach: '' }],
    [{ SECURE_HSTS_SECONDS: 63_072_000 }, { hstsSeconds: 63_072_000, hstsReach: '' }],
    [{ SECURE_HSTS_PRELOAD: true }, { hstsSeconds: 3600, hstsReach: '' }],
    [
      { SECURE_HSTS_SECONDS: 600, SECURE_HSTS_INCLUDE_SUBDOMAINS: true, SECURE_HSTS_PRELOAD: true },
      { hstsSeconds: 600, hstsReach: '; includeSubDomains; preload' },
    ],
  ] as const;
  for (const [settings, wanted] of cases) {
    const facts = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { value }]));
    assert.deepEqual(strictTransport(facts), wanted, JSON.stringify(settings));
  }
});
