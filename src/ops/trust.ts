import { type Command, cmd, display } from '../core/command.js';

/** What the machine has to install an authority with. */
export interface TrustTools {
  readonly root: boolean;
  /** Debian's and Ubuntu's trust store. */
  readonly updateCaCertificates: boolean;
  /** Of libnss3-tools, for browsers. */
  readonly certutil: boolean;
  /** NSS databases there are: `~/.pki/nssdb` (Chromium), each profile folder of Firefox. Absolute. */
  readonly nssDatabases: readonly string[];
}

export interface TrustPlan {
  readonly commands: readonly Command[];
  /** What was left out and how to do it: sentences for people. */
  readonly notes: readonly string[];
}

const SYSTEM_FILE = '/usr/local/share/ca-certificates/slipway.crt';
const NICKNAME = 'Slipway local authority';

const system = (certificate: string): readonly Command[] => [
  cmd('install', '-m', '644', certificate, SYSTEM_FILE),
  cmd('update-ca-certificates'),
];

const browser = (database: string, certificate: string): readonly Command[] => [
  cmd('certutil', '-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', NICKNAME, '-i', certificate),
];

/**
 * How `slipway trust` installs the authority's certificate (a PEM file): for the system's programs (root is needed) and for each NSS
 * database of a browser (the user's own). Nothing is run as root that the user did not start as root: the commands are told instead.
 */
export function trustCommands(certificate: string, tools: TrustTools): TrustPlan {
  const notes: string[] = [];
  const commands: Command[] = [];
  if (!tools.updateCaCertificates) notes.push('This system has no update-ca-certificates: apt-get install -y ca-certificates');
  else if (tools.root) commands.push(...system(certificate));
  else {
    const asRoot = system(certificate).map((command) => `sudo ${display(command)}`);
    notes.push(`For programs that use the system's certificates, as root: ${asRoot.join(' && ')}`);
  }
  if (tools.nssDatabases.length > 0 && !tools.certutil)
    notes.push('For Chromium and Firefox, install certutil and run it again: apt-get install -y libnss3-tools');
  if (tools.certutil) commands.push(...tools.nssDatabases.flatMap((database) => browser(database, certificate)));
  notes.push(
    `Node, Python requests and others that bring their own list: NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE or SSL_CERT_FILE=${certificate}`,
  );
  return { commands, notes };
}

/** The way back. */
export function distrustCommands(tools: TrustTools): TrustPlan {
  const away = [cmd('rm', '-f', SYSTEM_FILE), cmd('update-ca-certificates', '--fresh')];
  const asked = tools.updateCaCertificates;
  return {
    commands: [
      ...(asked && tools.root ? away : []),
      ...(tools.certutil
        ? tools.nssDatabases.map((database) => cmd('certutil', '-d', `sql:${database}`, '-D', '-n', NICKNAME))
        : []),
    ],
    notes: asked && !tools.root ? [`As root: ${away.map((command) => `sudo ${display(command)}`).join(' && ')}`] : [],
  };
}
