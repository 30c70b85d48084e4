import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabHost } from './host.js';
import { baseImage, type Suite } from './image.js';
import { makeNetwork } from './network.js';
import { run } from './run.js';
import { claimSlot, type Slot } from './slot.js';

export interface LabOptions {
  readonly hosts: number;
  /** Debian 13 unless said. */
  readonly suite?: Suite;
  /** Debian packages that are in the image from the beginning. */
  readonly packages?: readonly string[];
}

/** Real Debian hosts on a network of their own. */
export interface Lab {
  readonly hosts: readonly LabHost[];
  /** Address of this machine as the hosts see it. */
  readonly gateway: string;
  /** Give it to `ssh -F`. */
  readonly sshConfig: string;
  /** The private key that root's `authorized_keys` of every host names. */
  readonly key: string;
  readonly knownHosts: string;
  /** A folder that goes with the lab. */
  readonly folder: string;
  /** Removes hosts, disks and network. */
  close(): Promise<void>;
}

/**
 * Makes hosts h1…hN and waits until their sshd answers. They die with this process; what a killed one leaves on disk, the next lab removes.
 * Ask `labMissing` first whether there can be one.
 */
export async function openLab(options: LabOptions): Promise<Lab> {
  const image = await baseImage(options.suite ?? 'trixie', options.packages);
  const slot = await claimSlot();
  try {
    return await fill(slot, image, options.hosts);
  } catch (error) {
    await slot.release();
    throw error;
  }
}

async function fill(slot: Slot, image: string, count: number): Promise<Lab> {
  const { folder, network } = slot;
  const at = (name: string) => join(folder, name);
  const files = { key: at('key'), knownHosts: at('known_hosts'), sshConfig: at('ssh_config') };
  await run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'slipway-lab', '-f', files.key);
  await makeNetwork(network);
  const hosts = Array.from({ length: count }, (_, index) => {
    const name = `h${index + 1}`;
    const address = `${network.prefix}.${11 + index}`;
    return new LabHost({ name, address, network, folder: at(`hosts/${name}`), image, sshConfig: files.sshConfig });
  });
  const close = async () => {
    await Promise.all(hosts.map((host) => host.remove()));
    await slot.release();
  };
  try {
    const authorized = await readFile(`${files.key}.pub`, 'utf8');
    await Promise.all(hosts.map((host) => host.create(authorized)));
    const known = await Promise.all(hosts.map(async (host) => `${host.address} ${await host.hostKey()}\n`));
    await writeFile(files.knownHosts, known.join(''));
    await writeFile(files.sshConfig, sshConfig(hosts, files));
    await Promise.all(hosts.map((host) => host.start()));
  } catch (error) {
    await close();
    throw error;
  }
  return { hosts, gateway: `${network.prefix}.1`, ...files, folder, close };
}

/** Nothing of the user's own configuration, agent or keys is asked. */
const sshConfig = (hosts: readonly LabHost[], files: { readonly key: string; readonly knownHosts: string }): string =>
  [
    ...hosts.flatMap(({ name, address }) => [`Host ${name}`, `  HostName ${address}`]),
    'Host *',
    '  User root',
    `  IdentityFile ${files.key}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${files.knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
    '',
  ].join('\n');
