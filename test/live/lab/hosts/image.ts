import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../sandbox.js';
import { processIs, thisProcess } from './process.js';
import { run } from './run.js';

/** Debian 13 and 12, Ubuntu 26.04, 24.04 and 22.04. */
export const SUITES = ['trixie', 'bookworm', 'resolute', 'noble', 'jammy'] as const;
export type Suite = (typeof SUITES)[number];

/** Beside the other things the tests keep from one run to the next. */
export const LAB_CACHE = join(process.env['XDG_CACHE_HOME'] ?? tmpdir(), 'slipway-tests', 'lab');

const PACKAGES = 'systemd-sysv,dbus,libpam-systemd,openssh-server,ca-certificates,iproute2,procps,sudo,python3,python3-venv,curl';
/** Where packages come through a proxy with its own authority, the hosts must trust it too. */
const AUTHORITY = process.env['SSL_CERT_FILE'];
/** Timers that take the lock of dpkg at a random minute. */
const MASKED = ['apt-daily.timer', 'apt-daily-upgrade.timer'];

/**
 * The root file system all hosts of a suite share, made once: a bare Debian with systemd, sshd, sudo and Python, as a new server has it.
 * @param packages more of Debian's packages, for tests that would only wait for them
 */
export async function baseImage(suite: Suite, packages: readonly string[] = []): Promise<string> {
  // Its least system is one without a way to install more.
  const wanted = [PACKAGES, ...(isUbuntu(suite) ? ['apt', 'ubuntu-keyring'] : []), ...[...packages].sort()].join(',');
  const key = createHash('sha256')
    .update(`4 ${wanted} ${AUTHORITY ?? ''}`)
    .digest('hex')
    .slice(0, 8);
  const image = join(LAB_CACHE, `image-${suite}-${key}`);
  if (existsSync(image)) return image;
  await mkdir(LAB_CACHE, { recursive: true });
  await onlyOne(`${image}.making`, async () => {
    if (existsSync(image)) return;
    await rm(`${image}.part`, { recursive: true, force: true });
    await bootstrap(suite, wanted, `${image}.part`);
    await finish(`${image}.part`, suite);
    await rename(`${image}.part`, image);
  });
  return image;
}

async function bootstrap(suite: Suite, packages: string, folder: string): Promise<void> {
  const without = ['doc', 'man', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const apt = '--aptopt=Acquire::Languages "none"';
  const debs = [
    'mmdebstrap',
    '--quiet',
    '--variant=minbase',
    `--include=${packages}`,
    apt,
    '--dpkgopt=force-unsafe-io',
    ...without,
  ];
  const ubuntu = isUbuntu(suite);
  await run(
    ...debs,
    ...(ubuntu ? ['--components=main,universe', `--keyring=${await ubuntuKeyring()}`] : []),
    suite,
    folder,
    ...(ubuntu ? ubuntuSources(suite) : []),
  );
}

const isUbuntu = (suite: Suite): boolean => suite !== 'trixie' && suite !== 'bookworm';

const UBUNTU = 'http://archive.ubuntu.com/ubuntu';

const ubuntuSources = (suite: Suite): string[] =>
  ['', '-updates', '-security'].map((pocket) => `deb ${UBUNTU} ${suite}${pocket} main universe`);

/** What Ubuntu's archive is signed with: Debian has no package of it. By hash, because it comes over HTTP. */
const KEYRING = {
  url: `${UBUNTU}/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb`,
  sha256: '36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8',
} as const;

async function ubuntuKeyring(): Promise<string> {
  const folder = join(LAB_CACHE, `ubuntu-keyring-${KEYRING.sha256.slice(0, 8)}`);
  const keyring = join(folder, 'usr/share/keyrings/ubuntu-archive-keyring.gpg');
  if (existsSync(keyring)) return keyring;
  const archive = Buffer.from(await (await fetch(KEYRING.url)).arrayBuffer());
  const hash = createHash('sha256').update(archive).digest('hex');
  if (hash !== KEYRING.sha256) throw new Error(`${KEYRING.url} is not what it should be: ${hash}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'keyring.deb'), archive);
  await run('dpkg-deb', '-x', join(folder, 'keyring.deb'), folder);
  return keyring;
}

/** Tests log in more often, and fail at it more often, than a sshd of today lets one address: https://man.openbsd.org/sshd_config#PerSourcePenalties */
const PATIENT: Readonly<Record<Suite, string>> = {
  trixie: 'MaxStartups 200\nPerSourcePenalties no\n',
  bookworm: 'MaxStartups 200\n',
  resolute: 'MaxStartups 200\nPerSourcePenalties no\n',
  noble: 'MaxStartups 200\n',
  jammy: 'MaxStartups 200\n',
};

async function finish(image: string, suite: Suite): Promise<void> {
  await writeFile(join(image, 'etc/ssh/sshd_config.d/lab.conf'), PATIENT[suite]);
  // Each host gets its own of these.
  const keys = readdirSync(join(image, 'etc/ssh')).filter((name) => name.startsWith('ssh_host_'));
  for (const name of [...keys.map((key) => `ssh/${key}`), 'machine-id', 'hostname', 'resolv.conf']) {
    await rm(join(image, 'etc', name), { force: true });
  }
  for (const timer of MASKED) {
    const unit = join(image, 'etc/systemd/system', timer);
    await rm(unit, { force: true });
    await symlink('/dev/null', unit);
  }
  if (AUTHORITY === undefined) return;
  await copyFile(AUTHORITY, join(image, 'etc/ssl/lab-ca.pem'));
  await copyFile(AUTHORITY, join(image, 'etc/ssl/certs/ca-certificates.crt'));
  await writeFile(join(image, 'etc/pip.conf'), '[global]\ncert = /etc/ssl/lab-ca.pem\n');
  const names = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];
  await writeFile(join(image, 'etc/environment'), names.map((name) => `${name}=/etc/ssl/lab-ca.pem\n`).join(''));
}

/** Test files are processes of their own: one makes the image, the others wait for it. */
async function onlyOne(lock: string, work: () => Promise<void>): Promise<void> {
  await until(
    `another process makes ${lock}`,
    async () => {
      try {
        await writeFile(lock, thisProcess(), { flag: 'wx' });
        return true;
      } catch {
        const holder = await readFile(lock, 'utf8').catch(() => '');
        if (holder !== '' && !processIs(holder)) await rm(lock, { force: true });
        return false;
      }
    },
    900,
  );
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}
