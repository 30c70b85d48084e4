import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { run, tryRun } from './run.js';

/** A bridge with a /24 of its own; the hosts on it reach the outside through this machine. */
export interface Network {
  /** At most 8 characters: it begins the name of every interface and namespace. */
  readonly bridge: string;
  /** The first three numbers of its addresses. */
  readonly prefix: string;
}

export const networkOf = (slot: number): Network => ({ bridge: `swlab${slot}`, prefix: `10.78.${slot}` });
export const namespaceOf = (network: Network, name: string): string => `${network.bridge}-${name}`;

/** Docker sets the policy of FORWARD to DROP, so what is ours is accepted by name. */
const rules = ({ bridge, prefix }: Network): string[][] => [
  ['nat', 'POSTROUTING', '-s', `${prefix}.0/24`, '!', '-d', `${prefix}.0/24`, '-j', 'MASQUERADE'],
  ['filter', 'FORWARD', '-i', bridge, '-j', 'ACCEPT'],
  ['filter', 'FORWARD', '-o', bridge, '-j', 'ACCEPT'],
];

const iptables = (verb: string, [table = '', ...rule]: readonly string[]): string[] => [
  'iptables',
  '-w',
  '-t',
  table,
  verb,
  ...rule,
];

/** False where something else on this machine has the addresses. */
export async function networkIsFree({ bridge, prefix }: Network): Promise<boolean> {
  const routes = await run('ip', 'route', 'show', `${prefix}.0/24`);
  return routes.trim() === '' && !existsSync(`/sys/class/net/${bridge}`);
}

export async function makeNetwork(network: Network): Promise<void> {
  const { bridge, prefix } = network;
  await run('ip', 'link', 'add', bridge, 'type', 'bridge');
  await run('ip', 'addr', 'add', `${prefix}.1/24`, 'dev', bridge);
  await run('ip', 'link', 'set', bridge, 'up');
  const forward = '/proc/sys/net/ipv4/ip_forward';
  if ((await readFile(forward, 'utf8')).trim() !== '1') await writeFile(forward, '1');
  for (const rule of rules(network)) await run(...iptables('-I', rule));
}

/** A host's cable: a network namespace, and a pair of interfaces from it to the bridge. */
export async function plugIn(network: Network, name: string, address: string): Promise<void> {
  const namespace = namespaceOf(network, name);
  if (existsSync(`/run/netns/${namespace}`)) return;
  const veth = `${network.bridge}${name}`;
  // Of a lab that was killed; the network is ours alone.
  if (existsSync(`/sys/class/net/${veth}`)) await tryRun(['ip', 'link', 'del', veth]);
  await run('ip', 'netns', 'add', namespace);
  await run('ip', 'link', 'add', veth, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  await run('ip', 'link', 'set', veth, 'master', network.bridge, 'up');
  await run('ip', '-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  await run('ip', '-n', namespace, 'link', 'set', 'eth0', 'up');
  await run('ip', '-n', namespace, 'link', 'set', 'lo', 'up');
  await run('ip', '-n', namespace, 'route', 'add', 'default', 'via', `${network.prefix}.1`);
}

/** Takes away whatever is left of a network and its hosts' cables. */
export async function removeNetwork(network: Network): Promise<void> {
  const namespaces = (await run('ip', 'netns', 'list')).split('\n').map((line) => line.split(' ')[0] ?? '');
  for (const name of namespaces.filter((each) => each.startsWith(`${network.bridge}-`)))
    await tryRun(['ip', 'netns', 'del', name]);
  for (const rule of rules(network)) while ((await tryRun(iptables('-D', rule))).code === 0);
  if (existsSync(`/sys/class/net/${network.bridge}`)) await tryRun(['ip', 'link', 'del', network.bridge]);
}
