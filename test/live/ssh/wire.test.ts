import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { cmd } from '../../../src/core/command.js';
import { Failure } from '../../../src/core/failure.js';
import type { Action, Step } from '../../../src/core/plan.js';
import { apply } from '../../../src/engine/apply.js';
import { plan } from '../../../src/engine/plan.js';
import { openSsh } from '../../../src/hosts/ssh/connect.js';
import { ROOT } from '../../support/slipway.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { openWire } from '../lab/hosts/wire.js';
import { until } from '../lab/sandbox.js';

const secrets = () => Promise.reject(new Error('no secret is needed here'));
const isLost = (error: unknown) => error instanceof Failure && error.code === 'SSH_LOST' && error.kind === 'connection';

test('a connection that is slow or breaks', { skip: labMissing() }, async (context) => {
  let lab: Lab;
  let folder: string;
  let machine: LabHost;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sw-wire-'));
    lab = await openLab({ hosts: 2 });
    machine = lab.hosts[0] ?? assert.fail();
  });
  after(async () => {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  });
  /** Wires and connections end with their test, however that ends. */
  const wired = async (one: TestContext, oneWayMs = 0) => {
    const wire = await openWire(machine, folder, oneWayMs);
    one.after(() => wire.close());
    return wire;
  };
  const opened = async (one: TestContext, address: string, sshConfig: string) => {
    const connection = await openSsh(address, { sshConfig });
    one.after(() => connection.close());
    return connection;
  };
  const gone = (host: LabHost, what: RegExp, seconds: number) =>
    until(`no ${what} runs`, async () => !what.test(await host.sh('ps -eo args')), seconds);

  await context.test('any number of questions asked at once is one round trip', async (one) => {
    const ONE_WAY = 40;
    const wire = await wired(one, ONE_WAY);
    const connection = await opened(one, 'root@wire', wire.sshConfig);
    const host = connection.host({ secrets });
    /** Changes of direction on the wire, the least of several rounds: two are a round trip. */
    const least = async (ask: () => Promise<unknown>): Promise<number> => {
      const seen: number[] = [];
      for (let round = 0; round < 6; round++) {
        const turns = wire.turns;
        await ask();
        seen.push(wire.turns - turns);
      }
      return Math.min(...seen);
    };
    const actions: Action[] = [
      { kind: 'run', command: cmd('true'), check: { command: cmd('test', '-e', '/etc/hostname') } },
      { kind: 'link', path: '/etc/os-release', to: '../usr/lib/os-release' },
      { kind: 'remove', path: '/etc/hostname' },
      ...Array.from({ length: 20 }, (_, index): Action => ({ kind: 'file', path: `/etc/none-${index}`, content: 'x' })),
      ...Array.from({ length: 20 }, (): Action => ({ kind: 'folder', path: '/etc' })),
    ];
    const steps = actions.map((action, index): Step => ({ id: `s${index}`, title: '', stage: 'prepare', host: 'wire', action }));
    const asked = await least(async () => {
      const { steps: seen } = await plan('server', 'r1', steps, () => host);
      const kinds = seen.map(({ change }) => change.kind);
      assert.deepEqual(kinds.slice(0, 4), ['same', 'same', 'change', 'change']);
      assert.deepEqual(new Set(kinds.slice(23)), new Set(['same']));
    });
    assert.ok(asked <= 3, `${asked} changes of direction`);

    // Done, and not only asked about: a step that follows from the one before it, too.
    let round = 0;
    const done = await least(() => {
      const folder = `/srv/round-${++round}`;
      const doing: Action[] = [
        { kind: 'folder', path: folder },
        ...Array.from({ length: 10 }, (_, index): Action => ({ kind: 'file', path: `${folder}/${index}`, content: `${index}` })),
        { kind: 'run', command: cmd('ls', folder), check: { exists: `${folder}/10` } },
      ];
      const steps = doing.map((action, index): Step => ({ id: `d${index}`, title: '', stage: 'prepare', host: 'wire', action }));
      return apply(
        steps,
        () => host,
        () => {},
      );
    });
    assert.ok(done <= 4, `${done} changes of direction`);

    // A tree that the host has: the list, and nothing else.
    const from = join(folder, 'tree');
    await mkdir(from);
    const files = Array.from({ length: 300 }, (_, index) => `f${index}`);
    for (const file of files) await writeFile(join(from, file), `${file}\n`.repeat(50));
    await host.sync({ kind: 'sync', from, to: '/srv/first', files });
    let copy = 0;
    const again = await least(() => host.sync({ kind: 'sync', from, to: `/srv/again-${++copy}`, files }));
    assert.ok(again <= 4, `${again} changes of direction`);
    await connection.close();
    await wire.close();
  });

  await context.test(
    'a reset in the middle of an upload: told at once, nothing is left, and the next one goes on from there',
    async (one) => {
      const from = join(folder, 'large');
      await mkdir(from);
      const files = ['a', 'b', 'c'];
      for (const file of files) await writeFile(join(from, file), randomBytes(40_000_000));
      const wire = await openWire(machine, folder);
      const connection = await opened(one, 'root@wire', wire.sshConfig);
      const uploading = connection.host({ secrets }).sync({ kind: 'sync', from, to: '/srv/large', files });
      uploading.catch(() => {});
      const before = wire.sent;
      await until('most of it is sent', () => wire.sent - before > 90_000_000, 60);
      const reset = Date.now();
      wire.reset();
      await assert.rejects(uploading, isLost);
      assert.ok(Date.now() - reset < 5000);
      await connection.close();
      await wire.close();
      await gone(machine, /slipway/, 15);
      assert.equal(await machine.sh('ls -A /opt/slipway/store/incoming; ls -d /srv/large 2>/dev/null || true'), '');

      const second = await wired(one);
      const retried = await opened(one, 'root@wire', second.sshConfig);
      await retried.host({ secrets }).sync({ kind: 'sync', from, to: '/srv/large', files });
      assert.equal(await machine.sh('cd /srv/large; stat -c %s a b c'), '40000000\n'.repeat(3));
      assert.ok(second.sent < 90_000_000, `${second.sent} bytes: what had come whole was not sent again`);
      await retried.close();
      await second.close();
    },
  );

  await context.test('silence is noticed in 15 seconds here, and in a minute there', async (one) => {
    const wire = await wired(one);
    const connection = await opened(one, 'root@wire', wire.sshConfig);
    const running = connection.host({ secrets }).exec(cmd('sleep', '3171'));
    running.catch(() => {});
    await until('it runs', async () => /sleep 3171/.test(await machine.sh('ps -eo args')));
    wire.silent(true);
    const since = Date.now();
    await assert.rejects(running, isLost);
    const took = Date.now() - since;
    assert.ok(took < 15_000, `${took} ms`);
    // The host was told nothing: its side of the connection is still open.
    await gone(machine, /sleep 3171|slipway/, 60);
    await assert.rejects(connection.host({ secrets }).exists('/'), isLost);
    await connection.close();
    await wire.close();
  });

  await context.test('a Slipway that is killed leaves nothing running', async () => {
    const script = `import { openSsh } from ${JSON.stringify(pathToFileURL(join(ROOT, 'dist/src/hosts/ssh/connect.js')).href)};
      const connection = await openSsh('root@${machine.address}', { sshConfig: ${JSON.stringify(lab.sshConfig)} });
      const host = connection.host({ secrets: async () => '' });
      const sleep = { argv: ['sh', '-c', 'trap "" HUP TERM; sleep 3172 & setsid sleep 3173 & wait'] };
      await Promise.all([host.exec(sleep), host.exec({ ...sleep, user: 'nobody' })]);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    await until('it runs', async () => (await machine.sh('ps -eo args')).match(/^sleep 317[23]$/gm)?.length === 4, 30);
    child.kill('SIGKILL');
    await gone(machine, /sleep 317[23]|slipway/, 20);
  });

  await context.test('a host that loses power is noticed, and comes back', async (one) => {
    const other = lab.hosts[1] ?? assert.fail();
    const connection = await opened(one, `root@${other.address}`, lab.sshConfig);
    const running = connection.host({ secrets }).exec(cmd('sleep', '3174'));
    running.catch(() => {});
    const since = Date.now();
    await other.cut();
    await assert.rejects(running, isLost);
    assert.ok(Date.now() - since < 20_000);
    await connection.close();
    await other.start();
    const again = await opened(one, `root@${other.address}`, lab.sshConfig);
    assert.equal((await again.host({ secrets }).exec(cmd('true'))).code, 0);
    await again.close();
  });
});
