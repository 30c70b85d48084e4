import { existsSync } from 'node:fs';

const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  ip: 'iproute2',
  iptables: 'iptables',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  ssh: 'openssh-client',
};

const isThere = (program: string): boolean =>
  ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/${program}`));

/** Why lab hosts cannot be had here, in the words a skipped test shows; false where they can: given to `test` as `skip`. */
export function labMissing(): string | false {
  if (process.platform !== 'linux') return 'lab hosts need Linux';
  if (process.getuid?.() !== 0) return 'lab hosts need root: sudo npm test';
  const packages = Object.keys(PROGRAMS).filter((program) => !isThere(program));
  if (packages.length > 0) return `lab hosts need: apt-get install ${packages.map((name) => PROGRAMS[name]).join(' ')}`;
  return false;
}
