import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/slipway.js';
import { type Lab, openLab } from './lab/hosts/lab.js';
import { labMissing } from './lab/hosts/missing.js';
import { run, tryRun } from './lab/hosts/run.js';
import { until } from './lab/sandbox.js';

const skip = labMissing();

test('lab hosts', { skip }, async (context) => {
  let lab: Lab;
  before(async () => {
    lab = await openLab({ hosts: 2 });
  });
  after(() => lab.close());
  const ssh = (name: string, ...argv: string[]) => tryRun(['ssh', '-F', lab.sshConfig, name, ...argv]);
  const bootId = async () => (await ssh('h1', 'cat /proc/sys/kernel/random/boot_id')).stdout;

  await context.test('answer ssh with systemd as their first process', async () => {
    for (const { name } of lab.hosts) {
      const { code, stdout, stderr } = await ssh(name, 'hostname; cat /proc/1/comm; . /etc/os-release; echo $VERSION_ID');
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${name}\nsystemd\n13\n`, stderr: '' });
    }
  });

  await context.test('reboot by themselves', async () => {
    const before = await bootId();
    await ssh('h1', 'systemctl reboot');
    await until('another boot id', async () => {
      const now = await bootId();
      return now !== '' && now !== before;
    });
  });

  await context.test('lose power and come back with their disk', async () => {
    const [host] = lab.hosts;
    assert.ok(host);
    const before = await bootId();
    await ssh('h1', 'echo kept > /srv/kept; sync');
    await host.cut();
    assert.notEqual((await tryRun(['ssh', '-F', lab.sshConfig, '-o', 'ConnectTimeout=1', 'h1', 'true'])).code, 0);
    await host.start();
    assert.notEqual(await bootId(), before);
    assert.equal((await ssh('h1', 'cat /srv/kept')).stdout, 'kept\n');
    await host.off();
    assert.equal(host.isOn, false);
    await host.start();
  });

  await context.test('of a process that was killed die with it, and the next lab removes the rest', async () => {
    const script = `import { openLab } from ${JSON.stringify(pathToFileURL(join(ROOT, 'dist/test/live/lab/hosts/lab.js')).href)};
      const lab = await openLab({ hosts: 1 });
      console.log(JSON.stringify([await lab.hosts[0].pid(), lab.folder, lab.gateway]));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await until('the other process has a host', () => said.endsWith('\n'), 60);
    const [pid, folder, gateway]: [number, string, string] = JSON.parse(said);
    assert.ok(existsSync(`/proc/${pid}`));
    child.kill('SIGKILL');
    await until('the host died', () => !existsSync(`/proc/${pid}`));
    assert.ok(existsSync(folder), 'nobody could clean it yet');
    const next = await openLab({ hosts: 1 });
    await next.close();
    assert.ok(!existsSync(folder));
    assert.ok(!(await run('ip', 'addr')).includes(`${gateway}/`));
    assert.ok(!(await readFile('/proc/self/mounts', 'utf8')).includes(folder));
  });
});
