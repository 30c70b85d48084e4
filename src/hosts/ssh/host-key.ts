import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathFailure } from '../../core/failure.js';
import { type SshPlace, sshArgv } from './launch.js';
import { runSsh } from './start-ssh.js';

/** A key that a host showed when it was asked for the first time. */
export interface OfferedKey {
  /** As a known_hosts file holds it. */
  readonly line: string;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`, as ssh-keygen shows it. */
  readonly fingerprint: string;
}

/** Reads the first key of a known_hosts file. */
export function readKey(text: string): OfferedKey | undefined {
  const line = text.split('\n').find((each) => /^[^\s#]\S* \S+ [A-Za-z0-9+/=]+/.test(each));
  const [, type, key] = line?.split(' ') ?? [];
  if (line === undefined || type === undefined || key === undefined) return undefined;
  return { line: line.trim(), type, fingerprint: fingerprintOf(key) };
}

/** @param key base64, as known_hosts and public key files hold it */
export const fingerprintOf = (key: string): string =>
  `SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;

/** Asks a host for its key, and goes before anybody logs in. undefined where it shows none. */
export async function offeredKey(place: SshPlace, signal?: AbortSignal): Promise<OfferedKey | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-key-'));
  const file = join(folder, 'known_hosts');
  try {
    const argv = sshArgv(
      { ...place, knownHosts: [file] },
      {
        StrictHostKeyChecking: 'accept-new',
        GlobalKnownHostsFile: '/dev/null',
        HashKnownHosts: 'no',
        VerifyHostKeyDNS: 'no',
        PreferredAuthentications: 'none',
      },
    );
    await runSsh([...argv, 'true'], signal);
    return readKey(await readFile(file, 'utf8').catch(() => ''));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Adds a key that a person has confirmed. @throws Failure NOT_WRITABLE */
export async function rememberKey(file: string, key: OfferedKey): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const before = await readFile(file, 'utf8').catch(() => '');
    const start = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(file, `${start}${key.line}\n`, { mode: 0o600 });
  } catch (error) {
    throw pathFailure(error, file) ?? error;
  }
}
