// What the live tests need of the system: installed by apt when we may, else named. A test that lacks its part says so and is skipped.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian package → a file or program it brings. */
const TOOLS = {
  nginx: ['/usr/sbin/nginx'],
  'apache2-bin': ['/usr/sbin/apache2'],
  postgresql: ['/usr/lib/postgresql'],
  'redis-server': ['/usr/bin/redis-server'],
  'mariadb-server': ['/usr/sbin/mariadbd'],
  chromium: ['/usr/bin/chromium'],
  'libnss3-tools': ['/usr/bin/certutil'],
  libmagic1: ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/libmagic.so.1`),
  gettext: ['/usr/bin/msgfmt'],
  git: ['/usr/bin/git'],
  gcc: ['/usr/bin/gcc'],
  'libc6-dev': ['/usr/include/stdio.h'],
  'python3-dev': ['/usr/bin/python3-config'],
  mmdebstrap: ['/usr/bin/mmdebstrap'],
  pebble: ['/usr/bin/pebble'],
  openssl: ['/usr/bin/openssl'],
  iptables: ['/usr/sbin/iptables', '/usr/bin/iptables'],
  'openssh-client': ['/usr/bin/ssh'],
  'gdal-bin': ['/usr/bin/gdalinfo'],
  'postgresql-postgis': [15, 16, 17, 18].map((major) => `/usr/share/postgresql/${major}/extension/postgis.control`),
};

export function installTools() {
  const missing = Object.entries(TOOLS)
    .filter(([, paths]) => !paths.some((path) => existsSync(path)))
    .map(([name]) => name);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`Some live tests will be skipped; to run them all:  sudo ${command}`);
    return;
  }
  // Debian starts servers when it installs them; the tests start their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const run = (argv) => spawnSync(argv[0], argv.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  console.error(`Installing what the live tests need: ${missing.join(', ')}`);
  if (!run(command.split(' '))) {
    run(['apt-get', 'update', '-qq']);
    if (!run(command.split(' '))) console.error(`Could not install them; some live tests will be skipped: ${command}`);
  }
}
