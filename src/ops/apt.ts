import type { Command } from '../core/command.js';

/** https://manpages.debian.org/apt-get: no question is asked, a file that somebody has changed stays as it is, and a lock is waited for. */
const INSTALL = [
  'apt-get',
  '-y',
  '-q',
  '-o',
  'DPkg::Lock::Timeout=120',
  '-o',
  'Dpkg::Options::=--force-confdef',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'Acquire::Retries=3',
];

/** As whoever logs in, in the language that `apt-failure.ts` reads. */
const QUIET = `export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 LC_ALL=C.UTF-8
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none`;

/**
 * A service of its own: what dpkg has begun comes to its end when Slipway is killed or the connection is lost, and the next run waits for that.
 * The file says how the network is reached. https://www.freedesktop.org/software/systemd/man/latest/systemd-run.html
 */
const AS_SERVICE = [
  'systemd-run',
  '--quiet',
  '--wait',
  '--pipe',
  '--collect',
  '--description=Slipway installs packages',
  '--property=EnvironmentFile=-/etc/environment',
  '--',
];

/** Lists that are older than a day, or were never fetched, name packages that are gone. */
const STALE = "test -z \"$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -newermt '-1 day' -print -quit 2>/dev/null)\"";

const FRESH = `update() { ${INSTALL.join(' ')} update; }
if ${STALE}; then update; fi`;

const asService = (script: string, words: readonly string[]): Command => ({
  argv: [...AS_SERVICE, 'sh', '-euc', `${QUIET}\n${script}`, 'sh', ...words],
  cwd: '/',
  timeoutSeconds: 1800,
});

/**
 * Installs packages without what they only recommend. Lists are fetched anew where they are old, and once more where something is missing
 * all the same.
 */
export const installPackages = (packages: readonly string[]): Command =>
  asService(
    `install() { ${INSTALL.join(' ')} install --no-install-recommends -- "$@"; }
${FRESH}
install "$@" || { update && install "$@"; }`,
    packages,
  );

/** Has the lists of packages that are on offer, where they are old or were never fetched. */
export const fetchLists = (): Command => asService(FRESH, []);

/** Waits until all of them are set up, beside an apt at work that is to bring them; whoever asks ends it when that has ended. */
export const untilInstalled = (packages: readonly string[]): Command => {
  const { argv, ...rest } = packagesInstalled(packages);
  const [, , script = '', ...words] = argv;
  return {
    ...rest,
    argv: ['sh', '-uc', `all() ( ${script} )\nuntil all "$@" >/dev/null; do sleep 0.1; done`, ...words],
    timeoutSeconds: 1800,
  };
};

/** Exit 0 where all of them are installed, else 1 with the names of those that are not. */
export const packagesInstalled = (packages: readonly string[]): Command => ({
  argv: [
    'sh',
    '-uc',
    `lacks=0
there=" $(dpkg-query -W -f '\${Package}=\${db:Status-Status} ' -- "$@" 2>/dev/null)"
for package; do
  case "$there" in *" $package=installed "*) ;; *) echo "+ $package"; lacks=1 ;; esac
done
exit $lacks`,
    'sh',
    ...packages,
  ],
  timeoutSeconds: 60,
});
