import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Failure } from '../../../src/core/failure.js';
import { openSsh, type SshOptions } from '../../../src/hosts/ssh/connect.js';
import { addAccounts, PASSWORD } from '../lab/hosts/accounts.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { run } from '../lab/hosts/run.js';
import { until } from '../lab/sandbox.js';

const noSecrets = () => Promise.reject(new Error('no secret is needed here'));

test('logging in', { skip: labMissing() }, async (context) => {
  let lab: Lab;
  let host: LabHost;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sw-login-'));
    lab = await openLab({ hosts: 2 });
    host = lab.hosts[0] ?? assert.fail();
    await addAccounts(host);
  });
  after(async () => {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Who the program on the host is, for a login as `user`. */
  const whoami = async (user: string, options: SshOptions = {}): Promise<string> => {
    const connection = await openSsh(`${user}@${host.address}`, { sshConfig: lab.sshConfig, ...options });
    try {
      const { stdout } = await connection.host({ secrets: noSecrets }).exec({ argv: ['id', '-un'] });
      return stdout.trim();
    } finally {
      await connection.close();
    }
  };
  const refuses = (code: string, ask: Promise<unknown>, message?: RegExp) =>
    assert.rejects(ask, (error) => {
      assert.ok(error instanceof Failure, String(error));
      assert.equal(error.code, code, `${error.message}\n${error.detail}`);
      assert.equal(error.kind, code === 'SSH_CONFIG' ? 'config' : 'connection');
      if (message !== undefined) assert.match(error.message, message);
      return true;
    });
  const nothingOfOursRuns = async () => assert.doesNotMatch(await host.sh('ps -eo args'), /slipway/);
  /** The lab's configuration with a few lines before it. */
  const config = async (name: string, ...lines: string[]) => {
    const file = join(folder, name);
    await writeFile(file, [...lines, `Include ${lab.sshConfig}`, ''].join('\n'));
    return file;
  };

  await context.test('as root, and by sudo without and with a password', async () => {
    assert.equal(await whoami('root'), 'root');
    assert.equal(await whoami('deploy'), 'root');
    let asked = 0;
    const sudoPassword = async () => {
      asked += 1;
      return PASSWORD;
    };
    assert.equal(await whoami('asker', { sudoPassword }), 'root');
    assert.equal(asked, 1);
    await nothingOfOursRuns();
  });

  await context.test('the password is in no command line and no log', async () => {
    const connection = await openSsh(`asker@${host.address}`, { sshConfig: lab.sshConfig, sudoPassword: async () => PASSWORD });
    const seen = await host.sh('ps -eo args; journalctl --no-pager -o cat; cat /proc/[0-9]*/environ | tr "\\0" "\\n"');
    await connection.close();
    assert.match(seen, /sudo -S/);
    assert.ok(!seen.includes(PASSWORD));
  });

  await context.test('sudo that does not let us is told apart', async () => {
    await refuses('SUDO_PASSWORD', whoami('asker', { sudoPassword: async () => 'wrong' }), /did not take/);
    await refuses('SUDO_PASSWORD', whoami('asker'), /nobody is there/);
    await refuses('SUDO_DENIED', whoami('guest', { sudoPassword: async () => PASSWORD }));
    await host.sh('mv /usr/bin/sudo /usr/bin/sudo.away');
    await refuses('SUDO_MISSING', whoami('deploy'));
    await host.sh('mv /usr/bin/sudo.away /usr/bin/sudo');
    await nothingOfOursRuns();
  });

  await context.test('whatever a login prints does not disturb it', async () => {
    await host.sh(`
      printf 'Authorised users only. Permission denied (to all others). Connection refused.\\n' > /etc/issue.net
      printf 'Banner /etc/issue.net\\nPrintMotd yes\\n' > /etc/ssh/sshd_config.d/banner.conf
      echo 'motd' > /etc/motd
      systemctl reload ssh
      for home in /root /home/deploy; do
        cp $home/.bashrc $home/.bashrc.before 2>/dev/null || touch $home/.bashrc.before
        { echo 'echo hello from bashrc; echo to stderr >&2; printf "no end of line"; head -c 70000 /dev/zero'; cat $home/.bashrc.before; } > $home/.bashrc
      done`);
    assert.equal(await whoami('root'), 'root');
    assert.equal(await whoami('deploy'), 'root');
    await host.sh(
      'rm /etc/ssh/sshd_config.d/banner.conf; systemctl reload ssh; for home in /root /home/deploy; do mv $home/.bashrc.before $home/.bashrc; done',
    );
  });

  await context.test('by other login shells', async () => {
    for (const shell of ['/bin/dash', '/bin/sh']) {
      await host.sh(`chsh -s ${shell} deploy`);
      assert.equal(await whoami('deploy'), 'root', shell);
    }
    await host.sh('chsh -s /usr/sbin/nologin deploy');
    await refuses('SSH_FAILED', whoami('deploy'));
    await host.sh('chsh -s /bin/bash deploy');
  });

  await context.test('a key that the host does not know', async () => {
    const key = join(folder, 'other');
    await run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key);
    const known = `UserKnownHostsFile ${lab.knownHosts}`;
    const file = join(folder, 'other-config');
    await writeFile(file, `IdentityFile ${key}\nIdentitiesOnly yes\nIdentityAgent none\n${known}\n`);
    await refuses('SSH_AUTH', whoami('root', { sshConfig: file }));
    await chmod(key, 0o644);
    await refuses('SSH_AUTH', whoami('root', { sshConfig: file }));
  });

  await context.test('first contact: only after the fingerprint was confirmed, and then it is known', async () => {
    const known = join(folder, 'fresh_known_hosts');
    const sshConfig = await config('fresh', `UserKnownHostsFile ${known}`);
    const [, key = ''] = (await host.hostKey()).split(' ');
    await writeFile(join(folder, 'host.pub'), `ssh-ed25519 ${key}\n`);
    const fingerprint = (await run('ssh-keygen', '-lf', join(folder, 'host.pub'))).split(' ')[1] ?? assert.fail();

    await refuses('HOST_KEY_UNKNOWN', whoami('root', { sshConfig }), new RegExp(fingerprint.replace(/[+/]/g, '.')));
    await refuses('HOST_KEY_UNKNOWN', whoami('root', { sshConfig, acceptKey: async () => false }));
    await assert.rejects(readFile(known), { code: 'ENOENT' });

    const shown: string[] = [];
    const acceptKey = async (...words: string[]) => shown.push(words.join(' ')) === 1;
    assert.equal(await whoami('root', { sshConfig, acceptKey }), 'root');
    assert.deepEqual(shown, [`${fingerprint} ssh-ed25519`]);
    assert.equal(await whoami('root', { sshConfig }), 'root');

    const own = join(folder, 'of this project');
    const empty = await config('empty', 'UserKnownHostsFile /dev/null');
    assert.equal(await whoami('root', { sshConfig: empty, knownHosts: own, acceptKey: async () => true }), 'root');
    assert.equal(await whoami('root', { sshConfig: empty, knownHosts: own }), 'root');
    assert.ok((await readFile(own, 'utf8')).includes(key));
  });

  await context.test('a key that has changed is never accepted', async () => {
    const known = join(folder, 'changed_known_hosts');
    const other = join(folder, 'impostor');
    await run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', other);
    await writeFile(known, `${host.address} ${await readFile(`${other}.pub`, 'utf8')}`);
    const sshConfig = await config('changed', `UserKnownHostsFile ${known}`);
    const acceptKey = () => assert.fail('nobody may be asked');
    await refuses('HOST_KEY_CHANGED', whoami('root', { sshConfig, acceptKey }));
  });

  await context.test('nobody there', async () => {
    const options = { sshConfig: lab.sshConfig };
    await refuses('SSH_REFUSED', openSsh(`root@${host.address}:2`, options));
    await refuses('SSH_UNREACHABLE', openSsh('root@nowhere.invalid', options));
    const near = await config('near', 'ConnectTimeout 2');
    await refuses('SSH_UNREACHABLE', openSsh(`root@${host.address.replace(/\d+$/, '250')}`, { sshConfig: near }));
    await writeFile(join(folder, 'bad'), 'Hosst *\n');
    await refuses('SSH_CONFIG', openSsh(`root@${host.address}`, { sshConfig: join(folder, 'bad') }));
    const silent = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    assert.ok(address !== null && typeof address === 'object');
    await refuses('SSH_REFUSED', openSsh(`root@127.0.0.1:${address.port}`, options));
    silent.close();
  });

  await context.test('through another host, by a key of the agent', async () => {
    const far = lab.hosts[1] ?? assert.fail();
    const socket = join(folder, 'agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    try {
      await until('the agent listens', () => existsSync(socket));
      await run('env', `SSH_AUTH_SOCK=${socket}`, 'ssh-add', '-q', lab.key);
      const lines = [
        'Host far',
        `  HostName ${far.address}`,
        '  ProxyJump near',
        'Host near',
        `  HostName ${host.address}`,
        '  User guest',
      ];
      const known = ['Host *', `  IdentityAgent ${socket}`, `  UserKnownHostsFile ${lab.knownHosts}`];
      const sshConfig = join(folder, 'jump');
      await writeFile(
        sshConfig,
        [...lines, ...known, '  ControlMaster auto', `  ControlPath ${folder}/%C`, '  ControlPersist 60', ''].join('\n'),
      );
      const connection = await openSsh('root@far', { sshConfig });
      const { stdout } = await connection.host({ secrets: noSecrets }).exec({ argv: ['hostname'] });
      await connection.close();
      assert.equal(stdout, 'h2\n');
      await run('ssh', '-F', sshConfig, '-O', 'exit', 'near').catch(() => '');
      const fresh = await config(
        'far',
        'Host far',
        `  HostName ${far.address}`,
        `  ProxyJump root@${host.address}`,
        `Match host ${far.address}`,
        '  UserKnownHostsFile /dev/null',
        'Host *',
      );
      const own = join(folder, 'far_known');
      const there = await openSsh('root@far', { sshConfig: fresh, knownHosts: own, acceptKey: async () => true });
      await there.close();
      assert.ok((await readFile(own, 'utf8')).includes(await far.hostKey()));
    } finally {
      agent.kill();
    }
  });

  await context.test('a host without Python', async () => {
    await host.sh('mv /usr/bin/python3 /usr/bin/python3.away');
    await refuses('HOST_PYTHON_MISSING', whoami('root'));
    await refuses('HOST_PYTHON_MISSING', whoami('deploy'));
    await host.sh('mv /usr/bin/python3.away /usr/bin/python3');
  });

  await context.test('a login that is stopped leaves nothing', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    await assert.rejects(openSsh(`root@${host.address}`, { sshConfig: lab.sshConfig, signal: stop.signal }), {
      name: 'AbortError',
    });
    await nothingOfOursRuns();
  });
});
