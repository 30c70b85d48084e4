import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aptTrouble } from '../../src/ops/apt-failure.js';

test('what apt says is told by its cause', () => {
  const table: readonly (readonly [string, string | undefined, RegExp?])[] = [
    [
      'Get:1 …\nE: Release file for http://deb.example/debian/dists/x/InRelease is expired (invalid since 3d 1h). Updates will not be applied.',
      'expired',
      /^Release file for http:\/\/deb/,
    ],
    ['E: Release file for http://x/InRelease is not valid yet (invalid for another 1d).', 'early'],
    ['E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12 (apt-get)', 'locked', /process 12/],
    ["E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.", 'interrupted'],
    ["E: You don't have enough free space in /var/cache/apt/archives/.", 'full'],
    ['E: Unable to locate package nginx-nothing', 'missing', /^Unable to locate/],
    ["W: Failed to fetch http://x/InRelease  Could not resolve 'x'", 'unreachable'],
    ['E: Unable to correct problems, you have held broken packages.', 'broken'],
    ['all went well', undefined],
  ];
  for (const [said, kind, line] of table) {
    const trouble = aptTrouble(said);
    assert.equal(trouble?.kind, kind, said);
    if (line !== undefined) assert.match(trouble?.line ?? '', line);
  }
});
