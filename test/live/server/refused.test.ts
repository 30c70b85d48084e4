import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAuthority, issueCertificate } from '../../../src/ops/certificate.js';
import { type Ran, ROOT, slipway } from '../../support/slipway.js';
import { addAccounts, PASSWORD } from '../lab/hosts/accounts.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { typedAt } from '../lab/terminal.js';

/** Everything that can be wrong with a host before it is touched, made wrong for real; and nothing of it is touched. */
test('hosts that are not deployed to', { skip: labMissing(), timeout: 600_000 }, async (context) => {
  let lab: Lab;
  let host: LabHost;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-refused-'));
  const home = join(folder, 'home');

  before(async () => {
    lab = await openLab({ hosts: 1 });
    host = lab.hosts[0] ?? assert.fail();
    await addAccounts(host);
    for (const name of ['allotment', 'bakery-orders'])
      cpSync(join(ROOT, 'examples', name), join(folder, name), { recursive: true });
  });
  after(async () => {
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const project = (more: object = {}, name = 'allotment'): string => {
    const production = { target: 'server', hosts: ['root@h1'], ssh_config: lab.sshConfig, domains: ['allotment.test'], ...more };
    writeFileSync(join(folder, name, 'slipway.yml'), JSON.stringify({ environments: { production } }));
    return join(folder, name);
  };
  const run = (verb: string, at = project()): Promise<Ran> => slipway([verb, '-e', 'production', '-C', at, '--json'], { home });
  /** What a deployment fails with, on a host that stays as it was. */
  const refused = async (
    at = project(),
  ): Promise<{ code: string; message: string; hint: string; detail: string; exit: number }> => {
    const { code, result, stdout, stderr } = await run('deploy', at);
    assert.notEqual(code, 0, stdout + stderr);
    assert.equal(await host.sh('ls /srv /opt; getent passwd slipway allotment || true'), '/opt:\n\n/srv:\n');
    const { error } = result;
    assert.ok(typeof error === 'object' && error !== null, stdout);
    const part = (name: string) => String(Reflect.get(error, name) ?? '');
    return { code: part('code'), message: part('message'), hint: part('hint'), detail: part('detail'), exit: code };
  };
  /** Works while something is wrong with the host, and mends it, whatever came of it. */
  const withWrong = async <T>(wrong: string, mend: string, work: () => Promise<T>): Promise<T> => {
    await host.sh(wrong, { timeoutMs: 120_000 });
    try {
      return await work();
    } finally {
      await host.sh(mend);
    }
  };
  const warnings = async (at = project()): Promise<string> => JSON.stringify((await run('plan', at)).result['warnings']);

  await context.test('another host key', async () => {
    const other = (
      await host.sh('rm -f /tmp/key; ssh-keygen -q -t ed25519 -N "" -f /tmp/key; cut -d" " -f1,2 /tmp/key.pub')
    ).trim();
    const known = join(folder, 'known_hosts');
    writeFileSync(known, `${host.address} ${other}\n`);
    const config = join(folder, 'ssh_config');
    writeFileSync(config, `UserKnownHostsFile ${known}\nInclude ${lab.sshConfig}\n`);
    const { code, exit } = await refused(project({ ssh_config: config }));
    assert.deepEqual([code, exit], ['HOST_KEY_CHANGED', 6]);
  });

  await context.test('no right to use sudo, and a password that nobody is there to give', async () => {
    const may = { home, prompt: /password/i, answer: PASSWORD };
    const denied = await typedAt(['plan', '-e', 'production', '-C', project({ hosts: ['guest@h1'] })], may);
    assert.equal(denied.code, 6, denied.seen);
    assert.match(denied.seen, /The account on guest@h1 may not become root/);
    const none = await withWrong('mv /usr/bin/sudo /usr/bin/sudo.away', 'mv /usr/bin/sudo.away /usr/bin/sudo', () =>
      refused(project({ hosts: ['guest@h1'] })),
    );
    assert.equal(none.code, 'SUDO_MISSING');
    const { code, message, exit } = await refused(project({ hosts: ['asker@h1'] }));
    assert.deepEqual([code, exit], ['SUDO_PASSWORD', 6]);
    assert.match(message, /asks for a password, and nobody is there/);
  });

  await context.test('a wrong password of sudo; the right one is asked for once, and nowhere to be seen', async () => {
    const at = project({ hosts: ['asker@h1'] });
    const words = ['plan', '-e', 'production', '-C', at];
    const wrong = await typedAt(words, { home, prompt: /password/i, answer: 'not it' });
    assert.equal(wrong.code, 6, wrong.seen);
    assert.match(wrong.seen, /did not take the password/);
    const right = await typedAt(words, { home, prompt: /password/i, answer: PASSWORD });
    assert.equal(right.code, 0, right.seen);
    assert.equal(right.asked, 1, right.seen);
    assert.ok(!right.seen.includes(PASSWORD));
    const left = await host.sh(
      'journalctl --no-pager -o cat; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" "\\n"; cat /var/log/* 2>/dev/null || true',
    );
    assert.ok(!left.includes(PASSWORD));
  });

  await context.test('a system that is not known, by its name', async () => {
    await host.sh(
      'sed "s/^ID=.*/ID=gentoo/; s/^PRETTY_NAME=.*/PRETTY_NAME=\\"Gentoo Linux\\"/" /etc/os-release > /tmp/os; mount --bind /tmp/os /usr/lib/os-release',
    );
    const { code, message, exit } = await refused();
    await host.sh('umount /usr/lib/os-release');
    assert.deepEqual([code, exit], ['HOST_UNSUPPORTED', 5]);
    assert.match(message, /h1 runs Gentoo Linux/);
  });

  await context.test('a full disk, and one that cannot be written to', async () => {
    await host.sh('mount -t tmpfs -o size=20m none /srv');
    const full = await refused();
    await host.sh('mount -o remount,ro /srv');
    const readOnly = await refused();
    await host.sh('umount /srv');
    assert.deepEqual([full.code, readOnly.code], ['DISK_FULL', 'DISK_READ_ONLY']);
    assert.match(full.message, /h1 has 20 MB left for \/srv, and a deployment may need 50 MB/);
  });

  await context.test('a package that is installed by half', async () => {
    await host.sh(`mkdir -p /tmp/half/DEBIAN
printf 'Package: half\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@x.test>\\nDescription: x\\n' > /tmp/half/DEBIAN/control
printf '#!/bin/sh\\nexit 1\\n' > /tmp/half/DEBIAN/postinst; chmod 755 /tmp/half/DEBIAN/postinst
dpkg-deb -b /tmp/half /tmp/half.deb >/dev/null; dpkg -i /tmp/half.deb >/dev/null 2>&1 || true`);
    const { code, message, hint, exit } = await refused();
    await host.sh('dpkg --purge --force-all half >/dev/null 2>&1');
    assert.deepEqual([code, exit], ['DPKG_UNFINISHED', 5]);
    assert.match(message, /half half-configured/);
    assert.match(hint, /dpkg --configure -a/);
  });

  await context.test('another installation is waited for, and named', async () => {
    const hold = `systemd-run -q --unit=holder python3 -c 'import fcntl,time
lock = open("/var/lib/dpkg/lock-frontend", "w"); fcntl.lockf(lock, fcntl.LOCK_EX); time.sleep(600)'; sleep 1; mount -t tmpfs -o size=20m none /srv`;
    await withWrong(hold, 'systemctl stop holder || true; umount /srv', async () => {
      assert.match(await warnings(), /python3 \(pid \d+\) on \S*h1 is installing packages/);
      // It ends while it is waited for; then the next thing in the way is told.
      const notes: string[] = [];
      const { result } = await slipway(['deploy', '-e', 'production', '-C', project(), '--json'], {
        home,
        onEvent: ({ type, message }) => {
          if (type !== 'note') return;
          notes.push(String(message));
          void host.exec(['systemctl', 'stop', 'holder']);
        },
      });
      assert.match(notes.join('\n'), /python3 \(pid \d+\) is installing packages on \S*h1; waiting for it/);
      assert.equal(Reflect.get(Object(result['error']), 'code'), 'DISK_FULL');
    });
  });

  await context.test('a clock that is a day off', async () => {
    await host.sh(
      'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -yqq install --no-install-recommends faketime >/dev/null 2>&1',
      {
        timeoutMs: 120_000,
      },
    );
    await host.sh(`dpkg-divert --quiet --local --rename --add /usr/bin/python3
printf '#!/bin/sh\\nexec faketime -f +1d /usr/bin/python3.13 "$@"\\n' > /usr/bin/python3; chmod 755 /usr/bin/python3`);
    const { code, message, exit } = await refused();
    await host.sh('rm /usr/bin/python3; dpkg-divert --quiet --local --rename --remove /usr/bin/python3');
    assert.deepEqual([code, exit], ['CLOCK_WRONG', 5]);
    assert.match(message, /h1 is 1 day ahead/);
  });

  await context.test('package lists that their mirror no longer keeps', async () => {
    const stale = `mkdir -p /tmp/mirror; cd /tmp/mirror; : > Packages
sum="$(sha256sum Packages | cut -d" " -f1)"
printf 'Origin: x\\nSuite: x\\nDate: Sat, 01 Nov 2025 00:00:00 UTC\\nValid-Until: Sat, 08 Nov 2025 00:00:00 UTC\\nSHA256:\\n %s 0 Packages\\n' "$sum" > Release
echo 'deb [trusted=yes] file:/tmp/mirror ./' > /etc/apt/sources.list.d/old.list
find /var/lib/apt/lists -type f -delete`;
    // What was made beside it, until apt knew.
    const mend = `rm /etc/apt/sources.list.d/old.list /etc/tmpfiles.d/allotment.conf; rm -rf /etc/slipway /opt/slipway /srv/allotment
for user in slipway allotment; do userdel "$user"; done`;
    const ran = await withWrong(stale, mend, () => run('deploy'));
    assert.equal(ran.code, 5, ran.stdout);
    assert.equal(Reflect.get(Object(ran.result['error']), 'code'), 'PACKAGES_EXPIRED', ran.stdout);
    assert.match(ran.stdout, /Release file for file:\/tmp\/mirror\/\.\/Release is expired/);
  });

  await context.test('ports that belong to others, by their names', async () => {
    await host.sh(`for port in 443 5432; do
  systemd-run -q --unit=shopfront-$port python3 -m http.server $port
  until ss -Hltn "sport = :$port" | grep -q .; do sleep 0.1; done
done`);
    const edge = await refused();
    assert.deepEqual([edge.code, edge.exit], ['PORT_TAKEN', 8]);
    assert.match(edge.message, /Port 443 of \S*h1 belongs to python3 \(shopfront-443\.service\)/);
    assert.match(edge.hint, /systemctl disable --now shopfront-443\.service/);
    assert.equal(await host.sh('systemctl is-active shopfront-443'), 'active\n');
    await host.sh('systemctl stop shopfront-443');
    const database = await refused(project({}, 'bakery-orders'));
    assert.equal(database.code, 'PORT_TAKEN');
    assert.match(
      database.message,
      /Port 5432 of \S*h1, where PostgreSQL is to be, belongs to python3 \(shopfront-5432\.service\)/,
    );
    assert.equal(await host.sh('systemctl is-active shopfront-5432'), 'active\n');
    await host.sh('systemctl stop shopfront-5432');
  });

  await context.test('a secret that nobody has set; a domain that leads elsewhere is a warning', async () => {
    const { code, message, hint, exit } = await refused(project({ env: { STRIPE_KEY: { secret: 'STRIPE_KEY' } } }));
    assert.deepEqual([code, exit], ['SECRET_MISSING', 3]);
    assert.match(`${message} ${hint}`, /STRIPE_KEY.*slipway secrets set STRIPE_KEY -e production/);
    assert.match(
      await warnings(project({ domains: ['localhost'] })),
      /localhost leads to (127\.0\.0\.1|::1)[^"]*, which is not root@h1/,
    );
  });

  await context.test('a certificate that has expired, and one that is not the key’s', async () => {
    const long = new Date(Date.now() - 400 * 86_400_000);
    const expired = await issueCertificate(await createAuthority(long), ['allotment.test'], long);
    const other = await issueCertificate(await createAuthority(new Date()), ['allotment.test'], new Date());
    const tls = (certificate: string, key: string): object => {
      writeFileSync(join(folder, 'own.pem'), certificate);
      writeFileSync(join(folder, 'own.key'), key, { mode: 0o600 });
      return { tls: { certificate: join(folder, 'own.pem'), key: join(folder, 'own.key') } };
    };
    const late = await refused(project(tls(expired.certificate, expired.key)));
    assert.deepEqual([late.code, late.exit], ['CERTIFICATE_EXPIRED', 3]);
    assert.match(late.message, /own\.pem has expired on \d{4}-\d\d-\d\d/);
    assert.match(await warnings(project(tls(expired.certificate, expired.key))), /certificate-expired/);
    assert.equal((await refused(project(tls(other.certificate, expired.key)))).code, 'CERTIFICATE_UNUSABLE');
  });

  await context.test('an account that is not there yet is made by root, when that is confirmed', async () => {
    await withWrong('mount -t tmpfs -o size=20m none /srv', 'umount /srv', async () => {
      const at = project({ hosts: ['fresh@h1'] });
      assert.equal((await refused(at)).code, 'SSH_AUTH');
      assert.equal(await host.sh('getent passwd fresh || true'), '');
      assert.equal((await run('plan', at)).code, 6);
      const made = await slipway(['deploy', '-e', 'production', '-C', at, '--json', '--yes'], { home });
      assert.match(made.stdout, /made the account fresh on root@h1/);
      // Then it is as with any other account: the next thing in the way is told.
      assert.equal(Reflect.get(Object(made.result['error']), 'code'), 'DISK_FULL');
      assert.equal(
        await host.sh(
          'su fresh -c "sudo -n id -un"; stat -c "%U %a" /home/fresh/.ssh/authorized_keys /etc/sudoers.d/slipway-fresh',
        ),
        'root\nfresh 600\nroot 440\n',
      );
    });
  });

  await context.test('all at once: the first by itself, the others with it', async () => {
    await host.sh('mount -t tmpfs -o size=20m none /srv; systemd-run -q --unit=shopfront python3 -m http.server 80; sleep 1');
    const { code, detail } = await refused();
    await host.sh('umount /srv; systemctl stop shopfront');
    assert.equal(code, 'DISK_FULL');
    assert.match(detail, /Port 80 of \S*h1 belongs to python3/);
    assert.ok(readFileSync(join(folder, 'allotment/slipway.yml'), 'utf8').includes('root@h1'));
  });
});
