import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, openSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../../../support/slipway.js';
import { until } from '../sandbox.js';
import { type Network, namespaceOf, plugIn } from './network.js';
import { type Ran, run, tryRun } from './run.js';

const BOOT = join(ROOT, 'test/live/lab/hosts/boot.sh');
const SSH_SECONDS = 60;

export interface HostPlace {
  readonly name: string;
  readonly address: string;
  readonly network: Network;
  readonly folder: string;
  readonly image: string;
  readonly sshConfig: string;
}

/** One Debian host: real systemd and sshd, an address and a disk of its own. */
export class LabHost {
  readonly name: string;
  readonly address: string;
  /** Give it to `ssh -F`: it names the key of root and the hosts' true keys. */
  readonly sshConfig: string;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #wanted = false;

  constructor(readonly place: HostPlace) {
    this.name = place.name;
    this.address = place.address;
    this.sshConfig = place.sshConfig;
  }

  /** Its power is on. */
  get isOn(): boolean {
    return this.#child !== undefined;
  }

  /** The process id of its init on this machine; its files are below `/proc/PID/root`. @throws when it is off */
  async pid(): Promise<number> {
    const pid = await readFile(join(this.place.folder, 'pid'), 'utf8').catch(() => '');
    if (pid === '' || !existsSync(`/proc/${pid.trim()}`)) throw new Error(`${this.name} is off`);
    return Number(pid);
  }

  /** Where a file of the running host is on this machine. */
  async path(inside: string): Promise<string> {
    return `/proc/${await this.pid()}/root${inside}`;
  }

  /** Runs a command inside as root, without SSH. Rejects where it cannot be started, never for its exit code. */
  async exec(argv: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<Ran> {
    const environment = [
      'env',
      '-i',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'HOME=/root',
      'LANG=C.UTF-8',
    ];
    return tryRun(['nsenter', '--all', '--target', String(await this.pid()), '--', ...environment, ...argv], options);
  }

  /** `exec` of a shell script that must succeed; gives what it printed. */
  async sh(script: string, options: { timeoutMs?: number } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(['sh', '-ec', script], options);
    if (code !== 0) throw new Error(`on ${this.name}: ${script}\nended with ${code}: ${stderr || stdout}`);
    return stdout;
  }

  /** What a fresh disk holds besides the image. */
  async create(authorizedKey: string): Promise<void> {
    const disk = join(this.place.folder, 'disk');
    for (const name of ['work', 'root', 'disk/etc/ssh']) await mkdir(join(this.place.folder, name), { recursive: true });
    for (const name of ['root', 'root/.ssh']) await mkdir(join(disk, name), { mode: 0o700 });
    await writeFile(join(disk, 'root/.ssh/authorized_keys'), authorizedKey, { mode: 0o600 });
    await run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', this.name, '-f', join(disk, 'etc/ssh/ssh_host_ed25519_key'));
    await writeFile(join(disk, 'etc/hostname'), `${this.name}\n`);
    await writeFile(join(disk, 'etc/hosts'), `127.0.0.1 localhost\n127.0.1.1 ${this.name}\n::1 localhost\n`);
    // An empty one would mean "first boot": slower, and presets run.
    await writeFile(join(disk, 'etc/machine-id'), `${randomUUID().replaceAll('-', '')}\n`);
    const resolved = '/run/systemd/resolve/resolv.conf';
    await copyFile(existsSync(resolved) ? resolved : '/etc/resolv.conf', join(disk, 'etc/resolv.conf'));
    await chmod(join(disk, 'etc/resolv.conf'), 0o644);
  }

  /** `ssh-ed25519 KEY`, the host's own. */
  async hostKey(): Promise<string> {
    const key = await readFile(join(this.place.folder, 'disk/etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
    return key.split(' ').slice(0, 2).join(' ');
  }

  /** Power on; resolves when sshd answers. Same disk, address and host key as before, another boot id. */
  async start(): Promise<void> {
    if (!this.isOn) {
      await plugIn(this.place.network, this.name, this.address);
      this.#wanted = true;
      this.#boot();
    }
    await until(`${this.name} answers on port 22; see ${this.place.folder}/console.log`, () => this.#answers(), SSH_SECONDS);
  }

  /** Power loss: everything in the host dies at once, the disk stays. */
  async cut(): Promise<void> {
    this.#wanted = false;
    if (this.#child === undefined) return;
    const pid = await this.pid().catch(() => undefined);
    this.#child.ref();
    this.#child.kill('SIGKILL');
    await this.#ended;
    await until(`${this.name} is gone`, () => pid === undefined || !existsSync(`/proc/${pid}`), 20);
  }

  /** Orderly shutdown, and waits for it. */
  async off(): Promise<void> {
    this.#wanted = false;
    if (!this.isOn) return;
    // systemd starts poweroff.target on SIGRTMIN+4, which Node cannot send.
    this.#child?.ref();
    await run('kill', '-s', 'RTMIN+4', String(await this.pid()));
    await this.#ended;
  }

  #boot(): void {
    const { name, folder, image, network } = this.place;
    const console = openSync(join(folder, 'console.log'), 'a');
    // It dies with this process, however that ends: no host outlives its test.
    const child = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', 'nsenter', `--net=/run/netns/${namespaceOf(network, name)}`]
        .concat(['unshare', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--'])
        .concat([BOOT, 'begin', name, folder, image, network.bridge]),
      { stdio: ['ignore', console, console], detached: true },
    );
    closeSync(console);
    // A lab that nobody closes must not keep its test from ending.
    child.unref();
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const ended = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#child = undefined;
        // That is what the kernel makes of reboot(2) in a PID namespace.
        if (this.#wanted && (signal === 'SIGHUP' || code === 129)) this.#boot();
        resolve();
      };
      child.once('error', () => ended(1, null));
      child.once('exit', ended);
    });
  }

  #answers(): Promise<boolean> {
    if (!this.isOn) throw new Error(`${this.name} did not boot; see ${this.place.folder}/console.log`);
    return new Promise((resolve) => {
      const socket = connect({ host: this.address, port: 22, timeout: 2000 });
      const end = (answer: boolean) => () => {
        socket.destroy();
        resolve(answer);
      };
      socket.once('data', end(true)).once('error', end(false)).once('timeout', end(false)).once('close', end(false));
    });
  }

  /** Removes what is left of its disk. */
  async remove(): Promise<void> {
    await this.cut();
    await rm(this.place.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
