import type { Command } from '../core/command.js';

/** File systems of which several machines see the same files. */
const NETWORK =
  /^(nfs\d?|cifs|smb\d|ceph|glusterfs|lustre|gfs2|ocfs2|afs|beegfs|9p|virtiofs|fuse\.(?!fuse-overlayfs$|lxcfs$|snapfuse$).+)$/;

/** Asks on what file system a path is, or will be. @param path absolute */
export const fileSystemOf = (path: string): Command => ({
  argv: ['sh', '-uc', `at="$1"; while [ ! -e "$at/" ]; do at="\${at%/*}"; done; exec findmnt -n -o FSTYPE -T "$at/"`, 'sh', path],
  timeoutSeconds: 30,
});

/** Whether other machines may see the same files there. @param stdout of `fileSystemOf`: of things mounted upon each other, the last is seen */
export const isOnNetwork = (stdout: string): boolean => NETWORK.test(stdout.trim().split('\n').at(-1)?.trim() ?? '');
