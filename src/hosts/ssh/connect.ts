import { setMaxListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Failure } from '../../core/failure.js';
import type { Host } from '../../core/host.js';
import { parseAddress } from './address.js';
import type { Channel } from './channel.js';
import { askFacts, type SshFacts } from './facts.js';
import { type HeldLock, holdLock, type LockWish, type TakenLock } from './hold-lock.js';
import { type SshHostOptions, sshHost } from './host.js';
import { type OfferedKey, offeredKey, rememberKey } from './host-key.js';
import { type SshPlace, sshArgv } from './launch.js';
import { logIn } from './login.js';
import { type Folder, pack, unpack } from './relay.js';
import { sshSettings } from './ssh-settings.js';
import { runSsh } from './start-ssh.js';
import { Survey } from './survey.js';

export interface SshOptions {
  /** An ssh_config to use instead of the user's own. */
  readonly sshConfig?: string;
  /** A known_hosts file to ask first, and to keep new keys in. Default: the user's own. */
  readonly knownHosts?: string;
  /** Asked at first contact, never when a key has changed. Without it an unknown host is refused. */
  readonly acceptKey?: (fingerprint: string, type: string) => Promise<boolean>;
  /** Asked once, when sudo wants it. */
  readonly sudoPassword?: () => Promise<string>;
  readonly signal?: AbortSignal;
}

export interface SshConnection {
  /** The address as it was given. */
  readonly name: string;
  /** Who logs in, and where: as the ssh configuration has it. */
  readonly account: { readonly user: string; readonly hostName: string; readonly exchanges: readonly string[] };
  /** The host, as one user works on it. All of them share the connection. */
  host(options: SshHostOptions): Host;
  /** What the host is and what stands in the way of setting it up. @param ports whose listeners are named; default 80 and 443 */
  facts(ports?: readonly number[]): Promise<SshFacts>;
  /** What is below a folder, for `unpack` on another host. */
  pack(folder: Folder, signal?: AbortSignal): AsyncIterable<Buffer>;
  /** Has what comes below a folder of a user's; absent: root's. */
  unpack(
    path: string,
    stream: AsyncIterable<Buffer>,
    options: { readonly as?: string; readonly signal?: AbortSignal },
  ): Promise<void>;
  /** Takes a lock, which ends with `signal` or the connection. What it surveys, hosts of this connection are not asked for again. */
  lock(wish: LockWish, signal: AbortSignal): Promise<HeldLock | TakenLock>;
  /** Logs in anew; for as long as `seconds` more than once, as sshd lets nobody in while it starts again. What ssh said where none succeeds. */
  logInAnew(seconds: number): Promise<string | undefined>;
  /** Ends what runs there, and the connection. */
  close(): Promise<void>;
}

/**
 * Connects to a host by the system's own ssh, and works there as root: the account is root, or may use sudo.
 * @param address `user@host:port`, or an alias of the ssh configuration
 * @throws Failure of the kind `connection`: HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, SSH_UNREACHABLE, SSH_REFUSED, SSH_AUTH, SSH_ALGORITHMS,
 * SSH_CONFIG, SSH_FAILED, SUDO_PASSWORD, SUDO_DENIED, SUDO_MISSING, HOST_PYTHON_MISSING; HOST_ADDRESS (config)
 */
export async function openSsh(address: string, options: SshOptions = {}): Promise<SshConnection> {
  const { signal } = options;
  signal?.throwIfAborted();
  // One signal ends many lanes of work at once.
  if (signal !== undefined) setMaxListeners(0, signal);
  const { channel, account, place } = await connect(address, options);
  const survey = new Survey();
  return {
    name: address,
    account,
    host: (wanted) => sshHost(channel, wanted, survey),
    lock: (wish, ends) => holdLock(channel, survey, wish, ends),
    facts: (ports) => askFacts(channel, ports),
    pack: (folder, signal) => pack(channel, folder, signal),
    unpack: (path, stream, unpacking) => {
      survey.touch(path);
      return unpack(channel, path, stream, unpacking);
    },
    logInAnew: (seconds) => logInAnew(place, seconds, signal),
    close: () => channel.close(),
  };
}

async function logInAnew(place: SshPlace, seconds: number, signal?: AbortSignal): Promise<string | undefined> {
  for (const end = performance.now() + seconds * 1000; ; await setTimeout(250, undefined, { ...(signal && { signal }) })) {
    const { code, stderr } = await runSsh([...sshArgv(place), 'exit 0'], signal);
    if (code === 0) return undefined;
    if (performance.now() > end) return stderr;
  }
}

interface Connected {
  readonly channel: Channel;
  readonly account: SshConnection['account'];
  readonly place: SshPlace;
}

async function connect(name: string, options: SshOptions): Promise<Connected> {
  const given: SshPlace = {
    address: parseAddress(name),
    ...(options.sshConfig === undefined ? {} : { config: options.sshConfig }),
  };
  const settings = await sshSettings(given, name, options.signal);
  const files = [...(options.knownHosts === undefined ? [] : [options.knownHosts]), ...settings.knownHosts];
  const place = options.knownHosts === undefined ? given : { ...given, knownHosts: files };
  const login = {
    place,
    name,
    sudo: settings.user !== 'root',
    ...(options.sudoPassword === undefined ? {} : { sudoPassword: options.sudoPassword }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const { user, hostName, exchanges } = settings;
  const account = { user, hostName, exchanges };
  try {
    return { channel: await logIn(login), account, place };
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'HOST_KEY_UNKNOWN')) throw error;
    await confirmKey(place, error, { files }, options);
    return { channel: await logIn(login), account, place };
  }
}

/** @throws Failure HOST_KEY_UNKNOWN where nobody confirms it */
async function confirmKey(
  place: SshPlace,
  unknown: Failure,
  { files }: { files: readonly string[] },
  options: SshOptions,
): Promise<void> {
  const key = await offeredKey(place, options.signal);
  const file = files[0];
  if (key === undefined || file === undefined) throw unknown;
  if ((await options.acceptKey?.(key.fingerprint, key.type)) !== true) throw refusedKey(unknown, key);
  await rememberKey(file, key);
}

const refusedKey = (unknown: Failure, key: OfferedKey): Failure =>
  new Failure('HOST_KEY_UNKNOWN', 'connection', `${unknown.message}: it shows ${key.fingerprint} (${key.type})`, {
    ...(unknown.hint === undefined ? {} : { hint: unknown.hint }),
  });
