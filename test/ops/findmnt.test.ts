import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOnNetwork } from '../../src/ops/findmnt.js';

test('of which folders several machines see the same files', () => {
  const kinds: readonly (readonly [string, boolean])[] = [
    ['nfs4\n', true],
    ['nfs\n', true],
    ['cifs\n', true],
    ['ceph\n', true],
    ['fuse.glusterfs\n', true],
    ['fuse.sshfs\n', true],
    ['ext4\n', false],
    ['overlay\n', false],
    ['fuse.fuse-overlayfs\n', false],
    ['tmpfs\n', false],
    ['', false],
    // The mount point is asked for, and what is mounted upon it.
    ['ext4\nnfs4\n', true],
    ['nfs4\next4\n', false],
  ];
  for (const [stdout, shared] of kinds) assert.equal(isOnNetwork(stdout), shared, stdout);
});
