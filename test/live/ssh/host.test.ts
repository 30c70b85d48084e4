import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cmd, secret } from '../../../src/core/command.js';
import { Failure } from '../../../src/core/failure.js';
import type { Host, InOrderEvent } from '../../../src/core/host.js';
import { nameFromBytes } from '../../../src/core/path-name.js';
import type { Action, Check } from '../../../src/core/plan.js';
import { openSsh, type SshConnection } from '../../../src/hosts/ssh/connect.js';
import { addAccounts, PASSWORD } from '../lab/hosts/accounts.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { until } from '../lab/sandbox.js';

const SECRET = 'canary-7f3a"\'$(id)\nline';
const secrets = async (name: string) => (name === 'KEY' ? SECRET : assert.fail(`no secret ${name}`));
const failsWith = (code: string, kind: string) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error));
  assert.deepEqual([error.code, error.kind], [code, kind], `${error.message} ${error.detail}`);
  return true;
};

/** What each way of logging in must do in the same way; `owner` is who the files belong to. */
const WAYS = [
  { login: 'root', user: undefined, owner: 'root' },
  { login: 'asker', user: undefined, owner: 'root' },
  { login: 'root', user: 'shop', owner: 'shop' },
] as const;

test('a host over ssh', { skip: labMissing() }, async (context) => {
  let lab: Lab;
  let machine: LabHost;
  let local: string;
  before(async () => {
    local = await mkdtemp(join(tmpdir(), 'sw-ssh-host-'));
    lab = await openLab({ hosts: 1 });
    machine = lab.hosts[0] ?? assert.fail();
    await addAccounts(machine);
  });
  after(async () => {
    await lab.close();
    await rm(local, { recursive: true, force: true });
  });
  const open = (login: string): Promise<SshConnection> =>
    openSsh(`${login}@${machine.address}`, { sshConfig: lab.sshConfig, sudoPassword: async () => PASSWORD });
  const nothingRuns = (what: RegExp) => until(`no ${what}`, async () => !what.test(await machine.sh('ps -eo args')));

  for (const { login, user, owner } of WAYS) {
    await context.test(`${login} as ${owner}`, async (way) => {
      const connection = await open(login);
      const home = `/srv/${login}-${owner}`;
      await machine.sh(`install -d -o ${owner} ${home} ${home}/store`);
      const host: Host = connection.host({ secrets, store: `${home}/store`, env: { MARK: 'yes' }, ...(user && { user }) });
      const owned = (path: string) => machine.sh(`stat -c '%U %a' ${path}`).then((text) => text.trim());
      try {
        await commands(way, host, owner);
        await inOrder(way, host, home, owner, owned);
        await files(way, host, home, owner, owned);
        await synced(way, host, home, owned);
      } finally {
        await connection.close();
      }
    });
  }

  async function commands(way: typeof context, host: Host, owner: string): Promise<void> {
    await way.test('runs commands', async () => {
      assert.deepEqual(await host.exec(cmd('id', '-un')), { code: 0, stdout: `${owner}\n`, stderr: '' });
      const said = await host.exec({ argv: ['sh', '-c', 'printf "é %s" "$1"; echo no >&2; exit 7', '-', 'a b\n"$HOME"'] });
      assert.deepEqual(said, { code: 7, stdout: 'é a b\n"$HOME"', stderr: 'no\n' });
      assert.equal((await host.exec({ argv: ['cat'], stdin: 'ä\n'.repeat(100_000) })).stdout, 'ä\n'.repeat(100_000));
      assert.equal((await host.exec({ argv: ['pwd'], cwd: '/usr/lib' })).stdout, '/usr/lib\n');
      assert.equal((await host.exec({ argv: ['sh', '-c', 'kill -9 $$'] })).code, 137);
      assert.equal((await host.exec({ argv: ['sh', '-c', 'head -c 3000000 /dev/zero | tr "\\0" x'] })).stdout.length, 3_000_000);
    });

    await way.test('gives commands an environment of their own, with secrets', async () => {
      const { stdout } = await host.exec({ argv: ['env', '-0'], env: { KEY: secret('KEY'), PLAIN: '1' } });
      const env = new Map(
        stdout.split('\0').map((line): [string, string] => [line.split('=')[0] ?? '', line.replace(/^[^=]*=/s, '')]),
      );
      assert.equal(env.get('KEY'), SECRET);
      assert.equal(env.get('PLAIN'), '1');
      assert.equal(env.get('MARK'), 'yes');
      assert.equal(env.get('USER'), owner);
      assert.equal(env.get('HOME'), owner === 'root' ? '/root' : '/var/lib/shop');
      for (const name of ['SUDO_USER', 'SSH_CLIENT', 'SSH_CONNECTION', 'PWD']) assert.equal(env.get(name), undefined, name);
      const seen = machine.sh('sleep 0.3; ps -eo args');
      await host.exec({ argv: ['sleep', '1'], env: { KEY: secret('KEY') } });
      assert.ok(!(await seen).includes('canary'));
    });

    await way.test('tells lines as they come', async () => {
      const lines: [string, number][] = [];
      const start = Date.now();
      const script = 'echo first; printf half; sleep 0.6; echo " whole"; printf last >&2';
      await host.exec({ argv: ['sh', '-c', script] }, { onLine: (line) => lines.push([line, Date.now() - start]) });
      assert.deepEqual(lines.map(([line]) => line).sort(), ['first', 'half whole', 'last']);
      const at = (name: string) => lines.find(([line]) => line === name)?.[1] ?? assert.fail();
      assert.ok(at('half whole') - at('first') > 400, JSON.stringify(lines));
    });

    await way.test('ends commands that take too long, or are not wanted any more, with all they started', async () => {
      const script = 'trap "" TERM; sleep 317 & setsid sleep 318 & wait';
      await assert.rejects(
        host.exec({ argv: ['sh', '-c', script], timeoutSeconds: 0.5 }),
        failsWith('COMMAND_TIMEOUT', 'remote'),
      );
      await nothingRuns(/sleep 31[78]/);
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 400);
      await assert.rejects(host.exec({ argv: ['sh', '-c', 'sleep 319 & wait'] }, { signal: stop.signal }), {
        name: 'AbortError',
      });
      assert.doesNotMatch(await machine.sh('ps -eo args'), /sleep 319/);
    });

    await way.test('says what cannot be run', async () => {
      await assert.rejects(host.exec(cmd('no-such-program')), failsWith('COMMAND_NOT_FOUND', 'environment'));
      await assert.rejects(host.exec(cmd('/no/such')), failsWith('COMMAND_NOT_FOUND', 'environment'));
      await assert.rejects(host.exec({ argv: ['true'], cwd: '/nowhere' }), failsWith('COMMAND_NOT_FOUND', 'environment'));
      await assert.rejects(host.exec(cmd('/etc/hostname')), failsWith('COMMAND_NOT_STARTED', 'environment'));
      await assert.rejects(
        host.exec({ argv: ['true'], user: 'nobody-knows' }),
        failsWith(owner === 'root' ? 'USER_MISSING' : 'USER_MISSING', 'remote'),
      );
    });

    await way.test('runs many at once', async () => {
      const start = Date.now();
      const said = await Promise.all(
        Array.from({ length: 40 }, (_, index) => host.exec({ argv: ['sh', '-c', `sleep 0.5; echo ${index}`] })),
      );
      assert.deepEqual(
        said.map(({ stdout }) => Number(stdout)),
        Array.from({ length: 40 }, (_, index) => index),
      );
      assert.ok(Date.now() - start < 15_000);
    });
  }

  async function inOrder(
    way: typeof context,
    host: Host,
    home: string,
    owner: string,
    owned: (path: string) => Promise<string>,
  ): Promise<void> {
    const { inOrder: far } = host;
    assert.ok(far !== undefined);
    const at = `${home}/in order`;
    const shell = (script: string, check?: Check): Action => ({
      kind: 'run',
      command: { argv: ['sh', '-ec', script, 'sh', at], env: { KEY: secret('KEY') } },
      ...(check === undefined ? {} : { check }),
    });
    const did = async (actions: readonly Action[], signal?: AbortSignal) => {
      const seen: string[] = [];
      const tell = (event: InOrderEvent) =>
        seen.push(event.event === 'output' ? `${event.index} says ${event.line}` : `${event.index} ${event.event}`);
      return { end: await far.run(actions, tell, signal), seen: seen.filter((one) => !one.endsWith('started')) };
    };

    await way.test('does steps in order by itself, each judged at its turn', async () => {
      const actions: Action[] = [
        { kind: 'folder', path: at, mode: 0o750 },
        { kind: 'file', path: `${at}/file é`, content: { json: { key: secret('KEY') } }, mode: 0o600 },
        { kind: 'link', path: `${at}/link`, to: 'file é' },
        shell('printf %s "$KEY" >"$1/key"; echo "wrote é"', { exists: [`${at}/key`] }),
        shell('cp "$1/key" "$1/copy"', { alike: [`${at}/key`, `${at}/copy`] }),
        shell('rm "$1/key"', { command: { argv: ['test', '!', '-e', `${at}/never`] } }),
        { kind: 'remove', path: `${at}/gone` },
      ];
      const first = await did(actions);
      assert.deepEqual(first, {
        end: undefined,
        seen: ['0 done', '1 done', '2 done', '3 says wrote é', '3 done', '4 done', '5 same', '6 same'],
      });
      assert.equal(await host.read(`${at}/copy`), SECRET);
      assert.deepEqual(JSON.parse((await host.read(`${at}/file é`)) ?? ''), { key: SECRET });
      assert.equal(await owned(`'${at}/file é'`), `${owner} 600`);
      const again = await did(actions);
      assert.deepEqual(
        again.seen,
        actions.map((_, index) => `${index} same`),
      );
    });

    await way.test('ends with the first step that fails, and with a stop', async () => {
      const after: Action = { kind: 'folder', path: `${at}/never` };
      const { end, seen } = await did([shell('echo said; echo loud >&2; exit 9'), after]);
      assert.deepEqual(end, { failed: 0, exit: { code: 9, stdout: 'said\n', stderr: 'loud\n' } });
      assert.deepEqual(seen.sort(), ['0 says loud', '0 says said']);
      const { end: refused } = await did([{ kind: 'folder', path: `${at}/copy/below` }, after]);
      assert.ok(refused !== undefined && 'failure' in refused && refused.failed === 0 && refused.failure.message.includes(at));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 400);
      await assert.rejects(did([shell('sleep 327 & wait'), after], stop.signal), { name: 'AbortError' });
      assert.doesNotMatch(await machine.sh('ps -eo args'), /sleep 327|canary/);
      assert.equal(await host.exists(`${at}/never`), false);
    });

    await way.test('leaves to this side what needs it', () => {
      assert.ok(!far.takes({ kind: 'run', command: { argv: ['true'], user: 'nobody' } }));
      assert.ok(far.takes({ kind: 'run', command: { argv: ['true'], user: owner } }));
      const request = { to: { port: 80 }, path: '/' };
      assert.ok(!far.takes({ kind: 'run', command: { argv: ['true'] }, check: { request } }));
      assert.ok(!far.takes({ kind: 'wait', until: { request }, timeoutSeconds: 1 }));
    });
  }

  async function files(
    way: typeof context,
    host: Host,
    home: string,
    owner: string,
    owned: (path: string) => Promise<string>,
  ): Promise<void> {
    await way.test('reads and writes files', async () => {
      const path = `${home}/deep/er/file ü`;
      assert.equal(await host.read(path), undefined);
      await host.write(path, 'one\n');
      assert.equal(await host.read(path), 'one\n');
      assert.equal(await owned(`'${path}'`), `${owner} 644`);
      const large = 'x'.repeat(5_000_000);
      await host.write(path, large, 0o600);
      assert.equal(await host.read(path), large);
      assert.equal(await owned(`'${path}'`), `${owner} 600`);
      await host.write(`${home}/secrets`, { json: { key: secret('KEY'), list: [1] } }, 0o400);
      assert.deepEqual(JSON.parse((await host.read(`${home}/secrets`)) ?? ''), { key: SECRET, list: [1] });
      assert.equal(await host.read(`${home}/secrets`), await host.render({ json: { key: secret('KEY'), list: [1] } }));
      await host.write(`${home}/empty`, '');
      assert.equal(await host.read(`${home}/empty`), '');
      assert.deepEqual(await host.list(`${home}/deep/er`), ['file ü'], 'nothing is left beside it');
      assert.equal(await host.read('/etc/hostname/below'), undefined);
      await assert.rejects(host.read(home), failsWith('HOST_FILE', 'remote'));
    });

    await way.test('replaces a file in one step', async () => {
      const path = `${home}/whole`;
      await host.write(path, 'a'.repeat(100_000));
      let stop = false;
      const reading = (async () => {
        for (let torn = 0; ; ) {
          const text = (await host.read(path)) ?? '';
          if (text.length !== 100_000 || new Set(text).size !== 1) torn += 1;
          if (stop) return torn;
        }
      })();
      for (const letter of 'bcdefghij') await host.write(path, letter.repeat(100_000));
      stop = true;
      assert.equal(await reading, 0);
    });

    await way.test('folders, links, what is there', async () => {
      await host.folder(`${home}/closed/inner`, 0o700);
      assert.equal(await owned(`${home}/closed/inner`), `${owner} 700`);
      await host.folder(`${home}/closed/inner`, 0o755);
      assert.equal(await owned(`${home}/closed/inner`), `${owner} 700`, 'what is there stays');
      await assert.rejects(host.folder(`${home}/empty`));
      assert.equal(await host.exists(`${home}/closed`), true);
      assert.equal(await host.exists(`${home}/absent`), false);
      await host.link(`${home}/links/live`, 'first');
      await host.link(`${home}/links/live`, 'second');
      assert.equal(await host.readLink(`${home}/links/live`), 'second');
      assert.equal(await host.exists(`${home}/links/live`), true, 'a link to nowhere is there');
      assert.equal(await host.readLink(`${home}/links`), undefined);
      assert.equal(await host.readLink(`${home}/absent`), undefined);
      assert.deepEqual(await host.list(`${home}/links`), ['live']);
    });

    await way.test('lists, copies, links hard, removes', async () => {
      await machine.sh(`cd ${home} && mkdir -p from/a/b from/skip && echo 1 > from/a/one && echo 2 > from/a/b/two && echo 3 > from/skip/three
        chmod 750 from/a/one; ln -s ../nowhere from/a/dangling; mkfifo from/pipe; chown -hR ${owner} from`);
      assert.deepEqual(await host.list(`${home}/from`), ['a', 'pipe', 'skip']);
      assert.deepEqual(await host.files(`${home}/from`), ['a/b/two', 'a/one', 'skip/three']);
      assert.deepEqual(await host.files(`${home}/from`, ['skip']), ['a/b/two', 'a/one']);
      for (const path of [`${home}/absent`, '/etc/hostname']) {
        assert.deepEqual(await host.list(path), []);
        assert.deepEqual(await host.files(path), []);
      }
      await host.write(`${home}/to/more`, 'stays');
      await host.write(`${home}/to/a/one`, 'replaced');
      await host.copy(`${home}/from`, `${home}/to`);
      assert.deepEqual(await host.files(`${home}/to`), ['a/b/two', 'a/one', 'more', 'skip/three']);
      assert.equal(await host.read(`${home}/to/a/one`), '1\n');
      assert.equal(await owned(`${home}/to/a/one`), `${owner} 750`);
      assert.equal(await host.readLink(`${home}/to/a/dangling`), '../nowhere');
      await host.copy(`${home}/from/a/one`, `${home}/copied/one`);
      assert.equal(await host.read(`${home}/copied/one`), '1\n');
      await host.hardLinks(`${home}/from`, `${home}/hard`, ['a/one', 'a/b/two', 'gone']);
      await host.hardLinks(`${home}/from`, `${home}/hard`, ['a/one']);
      assert.equal(await machine.sh(`cd ${home}; [ from/a/one -ef hard/a/one ] && stat -c %h hard/a/one`), '2\n');
      for (const path of ['from', 'to', 'links/live', 'absent', 'hard']) await host.remove(`${home}/${path}`);
      assert.equal(await host.exists(`${home}/links/live`), false);
      assert.equal(await host.exists(`${home}/from`), false);
    });

    if (owner === 'root') return;
    await way.test('has no more rights than its user', async () => {
      await assert.rejects(host.write('/etc/evil', ''), failsWith('NOT_WRITABLE', 'environment'));
      await assert.rejects(host.read('/etc/shadow'), failsWith('NOT_WRITABLE', 'environment'));
      await assert.rejects(host.remove('/etc/passwd'), failsWith('NOT_WRITABLE', 'environment'));
      await machine.sh(`ln -sfn /etc/sudoers.d ${home}/trap`);
      await assert.rejects(host.write(`${home}/trap/evil`, ''), failsWith('NOT_WRITABLE', 'environment'));
      assert.notEqual((await host.exec(cmd('cat', '/etc/shadow'))).code, 0);
      await machine.sh('groupadd late; usermod -aG late shop');
      assert.match((await host.exec(cmd('id', '-Gn'))).stdout, /late/, 'groups are those of now');
    });
  }

  async function synced(way: typeof context, host: Host, home: string, owned: (path: string) => Promise<string>): Promise<void> {
    const from = join(local, home.replaceAll('/', '_'));
    const odd = nameFromBytes(Buffer.from([0x66, 0xff, 0x6f]));
    const names = ['plain', 'sub/program', 'same', 'deep/a/b/c', 'Größe "x" $y', odd, 'empty', 'link', 'large'];
    await mkdir(join(from, 'sub'), { recursive: true });
    await mkdir(join(from, 'deep/a/b'), { recursive: true });
    await writeFile(join(from, 'plain'), 'plain');
    await writeFile(join(from, 'same'), 'plain');
    await writeFile(join(from, 'sub/program'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
    await writeFile(join(from, 'deep/a/b/c'), 'c');
    await writeFile(join(from, 'Größe "x" $y'), 'odd');
    await writeFile(Buffer.concat([Buffer.from(`${from}/f`), Buffer.from([0xff]), Buffer.from('o')]), 'bytes');
    await writeFile(join(from, 'empty'), '');
    await writeFile(join(from, 'large'), Buffer.alloc(9_000_000, 'abcdefg'));
    await chmod(join(from, 'plain'), 0o444);
    await symlink('sub/program', join(from, 'link'));
    await writeFile(join(from, 'not-asked-for'), 'x');

    await way.test('has folders of ours', async () => {
      await host.sync({ kind: 'sync', from, to: `${home}/one`, files: names });
      assert.deepEqual(await host.files(`${home}/one`), names.filter((name) => name !== 'link').sort(byPython));
      assert.equal((await host.exec(cmd(`${home}/one/link`))).stdout, 'ran\n');
      assert.match(await owned(`${home}/one/sub/program`), / 755$/);
      assert.match(await owned(`${home}/one/plain`), / 644$/, 'ours to remove and replace');
      assert.equal(await host.read(`${home}/one/${odd}`), 'bytes');
      assert.equal((await host.read(`${home}/one/large`))?.length, 9_000_000);
    });

    await way.test('what it has had before is linked, what changed is new, and the old one stays as it was', async () => {
      await writeFile(join(from, 'deep/a/b/c'), 'changed');
      await host.sync({ kind: 'sync', from, to: `${home}/two`, files: names });
      assert.equal(
        await machine.sh(`cd ${home}; [ one/large -ef two/large ] && [ one/plain -ef one/same ] && echo linked`),
        'linked\n',
      );
      assert.equal(await host.read(`${home}/one/deep/a/b/c`), 'c');
      assert.equal(await host.read(`${home}/two/deep/a/b/c`), 'changed');
      await host.sync({ kind: 'sync', from, to: `${home}/two`, files: names });
      await writeFile(join(from, 'deep/a/b/c'), 'again');
      await host.sync({ kind: 'sync', from, to: `${home}/two`, files: ['deep/a/b/c'] });
      assert.equal(await host.read(`${home}/two/deep/a/b/c`), 'again');
      assert.equal(await host.read(`${home}/two/empty`), '');
    });

    await way.test('a file of the store that somebody wrote into is not used again', async () => {
      await machine.sh(`printf 'spoilt!!' > ${home}/one/sub/program; printf spoil > ${home}/two/plain`);
      await host.sync({ kind: 'sync', from, to: `${home}/three`, files: names });
      assert.equal(await host.read(`${home}/three/sub/program`), '#!/bin/sh\necho ran\n');
      assert.equal(await host.read(`${home}/three/plain`), 'plain');
      assert.deepEqual(await host.list(`${home}/store/incoming`), []);
    });

    await way.test('a copy that was given to somebody else does not take the store with it', async () => {
      await machine.sh(`chown -R root:root ${home}/one ${home}/three; chmod -R go-w ${home}/one ${home}/three`);
      await host.sync({ kind: 'sync', from, to: `${home}/sealed-next`, files: names });
      assert.equal(await host.read(`${home}/sealed-next/plain`), 'plain');
      assert.equal((await owned(`${home}/sealed-next/plain`)).split(' ')[0], (await owned(`${home}/store`)).split(' ')[0]);
      assert.equal(await machine.sh(`stat -c %U ${home}/one/plain`), 'root\n');
    });

    await way.test('a file that is not there, and a stop', async () => {
      await assert.rejects(host.sync({ kind: 'sync', from, to: `${home}/four`, files: ['absent'] }));
      const stop = new AbortController();
      stop.abort();
      await assert.rejects(host.sync({ kind: 'sync', from, to: `${home}/four`, files: names }, stop.signal), {
        name: 'AbortError',
      });
      assert.equal((await host.exec(cmd('true'))).code, 0);
    });
  }
});

/** By code points, as Python sorts. */
const byPython = (a: string, b: string): number => {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
};
