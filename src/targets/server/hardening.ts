import type { Command } from '../../core/command.js';
import type { Step } from '../../core/plan.js';
import { appRules, nftables, type Opening } from '../../templates/nftables.js';
import { sshdConf } from '../../templates/sshd-conf.js';
import { unitFile } from '../../templates/systemd-unit.js';
import { packageStep } from './base.js';
import { hostTool, type ServerHost } from './options.js';
import { stepsOn } from './step.js';

export interface Hardening {
  /** What the user has not declined: `provision` in slipway.yml. */
  readonly firewall: boolean;
  readonly updates: boolean;
  readonly ssh: boolean;
  readonly time: boolean;
  readonly logs: boolean;
  readonly swap: boolean;
  /** Where sshd listens, as far as is known; the port we came by is among them. What the host itself finds is opened too. */
  readonly sshPorts: readonly number[];
  /** The app for which ports are opened: others on the host have a file of their own. */
  readonly key: string;
  /** Ports for other hosts of the environment: the database's. */
  readonly openings: readonly Opening[];
  readonly sshVersion: readonly [number, number];
  /** Key exchanges that the ssh offers by which Slipway comes in. */
  readonly offered: readonly string[];
  /** Slipway logged in with a key. */
  readonly keyLogin: boolean;
  /** Bytes. */
  readonly memory: number;
}

const GB = 2 ** 30;

/** What a machine in the open needs beside the app. Each part can be declined, and none locks out who is let in now. */
export const hardeningSteps = (wish: Hardening, host: ServerHost): Step[] => {
  const { bare, firewall, packaged } = hardeningParts(wish, host);
  return [...bare, ...firewall, ...packaged];
};

/** Parts of which each can begin at another time. */
interface HardeningParts {
  /** What a machine is set up with as it is. */
  readonly bare: Step[];
  /** Takes FIREWALL_PACKAGE. With the first part, all that could lock somebody out. */
  readonly firewall: Step[];
  /** Takes packages. */
  readonly packaged: Step[];
}

export const FIREWALL_PACKAGE = 'nftables';

/** The same as `hardeningSteps`, in parts. */
export function hardeningParts(wish: Hardening, host: ServerHost): HardeningParts {
  return {
    bare: [
      ...(wish.logs ? journalSteps(host) : []),
      ...(wish.swap && wish.memory < 2 * GB ? swapSteps(host) : []),
      ...(wish.ssh ? sshSteps(wish, host) : []),
    ],
    firewall: wish.firewall ? firewallSteps(wish, host) : [],
    packaged: [...(wish.time ? timeSteps(host) : []), ...(wish.updates ? updateSteps(host) : [])],
  };
}

const script = (text: string, ...words: string[]): Command => ({
  argv: ['sh', '-euc', text, 'sh', ...words],
  timeoutSeconds: 120,
});
const asks = (text: string, ...words: string[]): { command: Command } => ({
  command: { argv: ['sh', '-uc', text, 'sh', ...words], timeoutSeconds: 30 },
});

/** Logs outlive a restart, and never fill the disk. */
function journalSteps(host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare');
  const path = '/etc/systemd/journald.conf.d/slipway.conf';
  const content =
    '# Written by Slipway; changes are overwritten.\n[Journal]\nStorage=persistent\nSystemMaxUse=1G\nSystemKeepFree=1G\nMaxRetentionSec=3month\n';
  return [
    step('journal.limits', 'limits of the journal', { kind: 'file', path, content, mode: 0o644 }),
    step('journal.restart', 'the journal keeps to them', {
      kind: 'run',
      command: { argv: ['systemctl', 'restart', 'systemd-journald.service'], timeoutSeconds: 60 },
      check: asks(
        '[ "$(stat -c %Y "$1")" -le "$(date -d "$(systemctl show -p ExecMainStartTimestamp --value systemd-journald)" +%s)" ] || exit 1',
        path,
      ),
    }),
  ];
}

/** Any of the usual clocks will do. */
const timeSteps = (host: ServerHost): Step[] => [
  {
    ...packageStep(host, 'time.packages', ['systemd-timesyncd']),
    action: {
      kind: 'run',
      command: script(
        'DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=120 install --no-install-recommends systemd-timesyncd; systemctl enable -q --now systemd-timesyncd',
      ),
      check: asks(
        'for unit in systemd-timesyncd chrony chronyd ntp ntpsec ntpd; do systemctl -q is-enabled "$unit" 2>/dev/null && exit 0; done; exit 1',
      ),
    },
  },
];

/** So that a moment of need does not end the database. */
function swapSteps(host: ServerHost): Step[] {
  const unit = unitFile({
    unit: [['Description', 'Swap file']],
    kind: { name: 'Swap', lines: [['What', '/swapfile']] },
    install: [['WantedBy', 'swap.target']],
  });
  const step = stepsOn(host.name, 'prepare');
  const there = 'test -n "$(tail -n +2 /proc/swaps)"';
  return [
    step('swap.file', 'a swap file', {
      kind: 'run',
      command: script('umask 077; fallocate -l 2G /swapfile.new; mkswap -q /swapfile.new; mv /swapfile.new /swapfile'),
      check: asks(`[ -e /swapfile ] || ${there} || exit 1`),
    }),
    step('swap.unit', 'swap starts with the machine', {
      kind: 'file',
      path: '/etc/systemd/system/swapfile.swap',
      content: unit,
      mode: 0o644,
    }),
    step('swap.on', 'swap is used', {
      kind: 'run',
      command: script('systemctl daemon-reload; [ ! -e /swapfile ] || systemctl enable -q --now swapfile.swap'),
      check: asks(`${there} || exit 1`),
    }),
  ];
}

/** Security updates by themselves; restarts are the administrator's. */
function updateSteps(host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare');
  const content = [
    '// Written by Slipway; changes are overwritten.',
    'APT::Periodic::Update-Package-Lists "1";',
    'APT::Periodic::Unattended-Upgrade "1";',
    'APT::Periodic::AutocleanInterval "7";',
    'Unattended-Upgrade::Automatic-Reboot "false";',
    'Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";',
    '',
  ].join('\n');
  return [
    packageStep(host, 'updates.packages', ['unattended-upgrades']),
    step('updates.config', 'security updates by themselves', {
      kind: 'file',
      path: '/etc/apt/apt.conf.d/52slipway-updates',
      content,
      mode: 0o644,
    }),
  ];
}

const DROP_IN = '/etc/ssh/sshd_config.d/00-slipway.conf';

/** Gives up what keeps us out: how sshd was before, and no firewall of ours. For when a login anew fails. */
export const letInAgain = (): Command =>
  script(
    `rm -f "$1"
systemctl reload ssh.service 2>/dev/null || systemctl reload sshd.service 2>/dev/null || true
systemctl disable -q --now slipway-firewall.service 2>/dev/null || true`,
    DROP_IN,
  );

/** sshd reads the new words before it counts on them: as the first of a copy of its configuration. */
const SSHD_TEST = `[ -e /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
mkdir -p /run/sshd
copy="$(mktemp)"; trap 'rm -f "$copy"' EXIT
cat "$1" /etc/ssh/sshd_config >"$copy"
/usr/sbin/sshd -t -f "$copy"
cp "$1" "$2.new"; mv "$2.new" "$2"
if ! /usr/sbin/sshd -t; then rm -f "$2"; exit 1; fi
systemctl reload ssh.service 2>/dev/null || systemctl reload sshd.service 2>/dev/null || systemctl -q is-active ssh.socket`;

function sshSteps(wish: Hardening, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare');
  const next = '/etc/slipway/sshd.conf';
  return [
    step('ssh.next', 'how SSH is to be', {
      kind: 'file',
      path: next,
      content: sshdConf({ version: wish.sshVersion, keyLogin: wish.keyLogin, offered: wish.offered }),
      mode: 0o644,
    }),
    step(
      'ssh.config',
      'SSH by current means alone',
      { kind: 'run', command: script(SSHD_TEST, next, DROP_IN), check: asks('cmp -s "$1" "$2" || exit 1', next, DROP_IN) },
      {
        code: 'SSHD_REFUSES',
        kind: 'environment',
        message: `sshd on ${host.name} refuses the configuration made for it; it runs as before`,
        hint: `ssh ${host.name} sudo sshd -t   # or decline it: provision: {ssh_hardening: false}`,
      },
    ),
  ];
}

/** As `firewall.py` has it too. */
const APP_RULES = '/etc/slipway/firewall';
export const appRulesFile = (key: string): string => `${APP_RULES}/${key}.nft`;

/** The firewall as a unit that an administrator can stop. It only adds a table of its own. */
function firewallSteps({ sshPorts, openings, key }: Hardening, host: ServerHost): Step[] {
  const step = stepsOn(host.name, 'prepare');
  const web = host.roles.includes('web');
  const rules = '/etc/slipway/firewall.nft';
  // What is in place stays until these have been looked at: the unit loads it when the machine starts.
  const next = `${rules}.next`;
  const tool = (...words: string[]): Command => ({
    argv: [host.python, '-I', '-S', hostTool(host, 'firewall.py'), ...words, next, rules],
    timeoutSeconds: 60,
  });
  return [
    packageStep(host, 'firewall.packages', [FIREWALL_PACKAGE]),
    step('firewall.rules', 'what may come in', {
      kind: 'file',
      path: next,
      content: nftables({ tcp: sshPorts, apps: `${APP_RULES}/*.nft` }),
      mode: 0o644,
    }),
    step('firewall.app', 'what of it is for this app', {
      kind: 'file',
      path: appRulesFile(key),
      content: appRules({ tcp: web ? [80, 443] : [], udp: web ? [443] : [], openings }),
      mode: 0o644,
    }),
    step('firewall.unit', 'the firewall starts with the machine', {
      kind: 'file',
      path: '/etc/systemd/system/slipway-firewall.service',
      content: unitFile({
        unit: [
          ['Description', 'Firewall of Slipway: what may come in'],
          ['DefaultDependencies', 'no'],
          ['Before', 'network-pre.target'],
          ['Wants', 'network-pre.target'],
          ['After', 'local-fs.target'],
        ],
        kind: {
          name: 'Service',
          lines: [
            ['Type', 'oneshot'],
            ['RemainAfterExit', 'yes'],
            ['ExecStart', `/usr/sbin/nft -f ${rules}`],
            ['ExecReload', `/usr/sbin/nft -f ${rules}`],
            ['ExecStop', '/usr/sbin/nft delete table inet slipway'],
          ],
        },
        install: [['WantedBy', 'sysinit.target']],
      }),
      mode: 0o644,
    }),
    step(
      'firewall.load',
      'only what must comes in',
      { kind: 'run', command: tool('load'), check: { command: tool('loaded') } },
      {
        code: 'FIREWALL_REFUSED',
        kind: 'environment',
        message: `The firewall of ${host.name} was not changed`,
        hint: 'see what stands above, or decline it: provision: {firewall: false}',
      },
    ),
  ];
}
