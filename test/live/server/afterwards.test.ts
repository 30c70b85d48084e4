import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generateX25519Identity } from 'age-encryption';
import { createAuthority, issueCertificate } from '../../../src/ops/certificate.js';
import { type Ran, ROOT, slipway } from '../../support/slipway.js';
import { inFiles, inFolder, inProcesses, watchProcesses } from '../lab/canaries.js';
import type { LabHost } from '../lab/hosts/host.js';
import { type Lab, openLab } from '../lab/hosts/lab.js';
import { labMissing } from '../lab/hosts/missing.js';
import { run as runHere } from '../lab/hosts/run.js';

const STRIPE = 'canary-stripe-7Vq2mZx9LwK4';
const MAIL = 'canary-mail-"pa$s%s\\w0rd-83hD';

/** Whose processes run the project's settings. What makes a release is handed them another way. */
const OWN = ['library'];

/** A project with MariaDB, deployed with secrets that can be recognised; then everything one does with it afterwards, to its end. */
test('an app on its server, afterwards', { skip: labMissing(), timeout: 600_000 }, async (context) => {
  let lab: Lab;
  let host: LabHost;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-afterwards-'));
  const home = join(folder, 'home');
  const project = join(folder, 'library');
  const printed: string[] = [];
  const run = async (args: readonly string[], stdin = ''): Promise<Ran> => {
    const split = args.indexOf('--');
    const [own, rest] = split === -1 ? [args, []] : [args.slice(0, split), args.slice(split)];
    const ran = await slipway([...own, '-e', 'production', '-C', project, '--json', ...rest], { home, stdin });
    printed.push(ran.stdout, ran.stderr);
    return ran;
  };
  const good = async (...args: string[]): Promise<Ran['result']> => {
    const ran = await run(args);
    assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran.result;
  };
  const codes = (result: Ran['result']): string[] => {
    const { warnings } = result;
    return Array.isArray(warnings) ? warnings.map(({ code }) => String(code)) : [];
  };
  const answers = async (): Promise<string> =>
    host.sh('curl -sk -o /dev/null -w "%{http_code}" --resolve library.test:443:127.0.0.1 https://library.test/admin/login/');
  /** Every secret there is on the host, ours and those that were made. */
  const secrets = async (): Promise<string[]> => {
    const kept: Record<string, string> = JSON.parse(
      await host.sh('systemd-creds decrypt --name=slipway-secrets /srv/library/secrets.json.cred - 2>/dev/null || echo "{}"'),
    );
    return [STRIPE, MAIL, ...Object.values(kept).filter((value) => value.length >= 20 && !value.includes('BEGIN CERTIFICATE'))];
  };

  before(async () => {
    lab = await openLab({ hosts: 1 });
    host = lab.hosts[0] ?? assert.fail();
    cpSync(join(ROOT, 'test/fixtures/projects/mysql-first'), project, { recursive: true });
    const at = (name: string) => join(folder, name);
    const names = ['-subj', '/CN=library.test', '-addext', 'subjectAltName=DNS:library.test'];
    await runHere(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      ...names,
      '-keyout',
      at('key.pem'),
      '-out',
      at('cert.pem'),
    );
    const production = {
      target: 'server',
      hosts: ['root@h1'],
      ssh_config: lab.sshConfig,
      domains: ['library.test'],
      tls: { certificate: at('cert.pem'), key: at('key.pem') },
      env: { STRIPE_KEY: { secret: 'STRIPE_KEY' } },
    };
    writeFileSync(join(project, 'slipway.yml'), JSON.stringify({ app: 'library', environments: { production } }));
    writeFileSync(at('mail.env'), `MAIL_PASSWORD='${MAIL}'\n`);
  });
  after(async () => {
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  let first = '';
  await context.test('deployed, its secrets are nowhere to be seen, meanwhile or afterwards', async () => {
    assert.equal((await run(['secrets', 'set', 'STRIPE_KEY'], STRIPE)).code, 0);
    let known = [STRIPE];
    const watch = watchProcesses(host, () => known, OWN);
    const looking = setInterval(() => {
      secrets().then(
        (all) => {
          known = all;
        },
        () => {},
      );
    }, 500);
    const plan = await good('plan');
    const deployed = await good('deploy', '--env-file', join(folder, 'mail.env'));
    clearInterval(looking);
    first = String(deployed['release']);
    const { seen, looks } = await watch.stop();
    assert.ok(looks > 30, `${looks} looks`);
    assert.deepEqual(seen, []);
    assert.equal(await answers(), '200');
    const values = [...(await secrets()), MAIL];
    assert.ok(values.length >= 5, `${values.length} secrets`);
    // The app has them, and whoever looks for them finds them there: they are looked for in earnest.
    assert.match((await inProcesses(host, [STRIPE], [])).join(), /environ of uid \d+ of/);
    const belong = ['/srv/library/secrets', '/srv/library/data', '/run/credentials', '/srv/library/edge/certificate-key.pem'];
    assert.deepEqual(await inFiles(host, values, belong), []);
    assert.deepEqual(await inFiles(host, values, belong.slice(0, -1)), belong.slice(-1));
    assert.ok(!values.some((value) => printed.join('').includes(value) || JSON.stringify(plan).includes(value)));
    assert.deepEqual(inFolder(home, values), []);
  });

  await context.test('again, nothing is changed: neither the app nor the machine', async () => {
    const { steps } = await good('plan');
    assert.ok(Array.isArray(steps));
    const other = steps.filter(({ change, id }) => change.kind !== 'same' && !String(id).startsWith('release.'));
    assert.deepEqual(other, []);
    const again = await good('deploy', '--env-file', join(folder, 'mail.env'));
    assert.deepEqual([again['changed'], codes(again)], [false, []]);
  });

  await context.test('secrets of a file that is encrypted with age: set there, and a changed one makes a release', async () => {
    const identity = await generateX25519Identity();
    writeFileSync(join(folder, 'age.key'), `# of the tests\n${identity}\n`, { mode: 0o600 });
    const config = JSON.parse(readFileSync(join(project, 'slipway.yml'), 'utf8'));
    config.environments.production.secrets = { file: join(folder, 'production.age'), identity: join(folder, 'age.key') };
    writeFileSync(join(project, 'slipway.yml'), JSON.stringify(config));
    assert.equal((await run(['plan'])).code, 3);
    assert.equal((await run(['secrets', 'set', 'STRIPE_KEY'], `${STRIPE}-of-the-file`)).code, 0);
    assert.doesNotMatch(readFileSync(join(folder, 'production.age'), 'latin1'), /STRIPE|canary/);
    assert.deepEqual((await good('secrets', 'list'))['secrets'], ['STRIPE_KEY']);
    const next = await good('deploy', '--env-file', join(folder, 'mail.env'));
    assert.equal(next['changed'], true);
    first = String(next['release']);
    const told = await run(['exec', '--', 'python', '-c', 'import os; print(os.environ["STRIPE_KEY"].endswith("-of-the-file"))']);
    assert.match(told.stdout, /^True/);
  });

  await context.test('one command in a unit of its own: its words, its exit code, no trace', async () => {
    const program = 'import os, sys; from django.conf import settings; print("at work", settings.DEBUG); sys.exit(7)';
    const ran = await run(['run', '--', 'python', '-c', program]);
    assert.equal(ran.code, 7, ran.stderr);
    assert.match(ran.stderr, /at work False/);
    const left = 'ls /run/systemd/system /run/library/run; systemctl list-units --all --plain --no-legend "library-run-*"';
    assert.doesNotMatch(await host.sh(left), /run-[0-9a-f]{8}/);
    const { process } = await good('run', '--detach', '--', 'python', 'manage.py', 'check');
    assert.match(String(process), /^run-[0-9a-f]{8}$/);
  });

  await context.test('what somebody changed by hand is told, and not lost', async () => {
    const unit = (await host.sh('ls /etc/systemd/system/library-web@*.service')).trim();
    await host.sh(`echo "# by hand" >> ${unit}; mkdir ${unit}.d; printf "[Service]\\nCPUWeight=50\\n" > ${unit}.d/mine.conf
echo "# a mend at night" >> /srv/library/live/source/library/urls.py`);
    const { drift } = await good('status');
    assert.ok(Array.isArray(drift));
    const source = `/srv/library/releases/${first}/source/library/urls.py`;
    assert.deepEqual(
      drift.map(({ path, how }) => `${how} ${path}`).sort(),
      [`added ${unit}.d/mine.conf`, `changed ${source}`, `changed ${unit}`].sort(),
    );
    assert.deepEqual(codes(await good('plan')).filter((code) => code === 'changed-by-hand').length, 3);
    appendFileSync(join(project, 'library/urls.py'), '\n# the next release\n');
    const next = await good('deploy', '--env-file', join(folder, 'mail.env'));
    assert.equal(codes(next).filter((code) => code === 'changed-by-hand').length, 3);
    const kept = await host.sh('grep -rhE "by hand|at night|CPUWeight=50" /srv/library/changed-by-hand');
    for (const words of ['by hand', 'at night', 'CPUWeight=50']) assert.ok(kept.includes(words), kept);
    assert.deepEqual((await good('status'))['drift'], []);
    assert.equal(await answers(), '200');
  });

  await context.test('the journal tells who did what, when, and what it cost', async () => {
    const { entries } = await good('history');
    assert.ok(Array.isArray(entries));
    assert.deepEqual(
      entries.map(({ command, ok, release, changes }) => [command, ok, release === first, changes > 0]),
      [
        ['deploy', true, false, true],
        ['deploy', true, true, true],
        ['deploy', true, false, false],
        ['deploy', true, false, true],
      ],
    );
    assert.match(String(entries[0].who), /.@./);
    assert.match(String(entries[3].figures.verify), /checks/);
  });

  await context.test('how long the certificate is good for is told, and that it has expired', async () => {
    const certificate = async () => {
      const { certificates } = await good('status');
      assert.ok(Array.isArray(certificates) && certificates.length === 1);
      return certificates[0];
    };
    const { kind, days, host: of } = await certificate();
    assert.deepEqual([kind, days, of], ['own', 29, 'root@h1']);
    const own = ['certificate.pem', 'certificate-key.pem'].map((name) => `/srv/library/edge/${name}`);
    const long = new Date(Date.now() - 400 * 86_400_000);
    const expired = await issueCertificate(await createAuthority(long), ['library.test'], long);
    const kept = await Promise.all(own.map(async (path) => readFileSync(await host.path(path))));
    const put = async (texts: readonly (string | Buffer)[]) => {
      for (const [index, path] of own.entries()) writeFileSync(await host.path(path), texts[index] ?? '');
    };
    await put([expired.certificate, expired.key]);
    assert.equal((await certificate()).days, -5);
    const shown = await slipway(['status', '-e', 'production', '-C', project], { home });
    assert.match(shown.stdout, /certificate +expired on \d{4}-\d\d-\d\d +root@h1/);
    await put(kept);
    // The one that slipway.yml names has expired too.
    writeFileSync(join(folder, 'cert.pem'), expired.certificate);
    writeFileSync(join(folder, 'key.pem'), expired.key);
    const refused = await run(['deploy', '--env-file', join(folder, 'mail.env')]);
    assert.deepEqual([refused.code, Reflect.get(Object(refused.result['error']), 'code')], [3, 'CERTIFICATE_EXPIRED']);
    assert.equal((await certificate()).days, 29);
  });

  await context.test('taken away, it leaves its data; told so, nothing', async () => {
    const python = (code: string) => run(['exec', '--', 'python', 'manage.py', 'shell', '-c', code]);
    assert.equal((await python('from django.contrib.auth.models import User; User.objects.create(username="ann")')).code, 0);
    assert.equal((await run(['remove'])).code, 130);
    await good('remove', '--yes');
    const traces = async () =>
      host.sh(`ls -d /srv/library/releases /run/library /etc/nginx/sites-*/library* /etc/systemd/system/library-* /etc/systemd/system/*/library-* \
/etc/tmpfiles.d/library* /etc/logrotate.d/library* /var/log/nginx/library /var/cache/nginx/library /opt/slipway 2>/dev/null || true
systemctl list-units --all --plain --no-legend "library*"; getent passwd slipway || true`);
    assert.equal((await traces()).replace(/^\/etc\/systemd\/system\/library-web@\S+\.service\.d\n/m, ''), '');
    // Its database, too: MariaDB has it as it was.
    assert.match(await host.sh('mariadb -N -e "SELECT username FROM library.auth_user"'), /^ann$/m);
    assert.match(await host.sh('ls /srv/library'), /^secrets\.json\.cred$/m);
    await good('remove', '--delete-data', '--yes');
    assert.equal(await host.sh('ls -d /srv/library 2>/dev/null || true; getent passwd library || true'), '');
    assert.doesNotMatch(await host.sh('mariadb -N -e "SHOW DATABASES; SELECT User FROM mysql.user"'), /library/);
    assert.ok(readFileSync(join(project, 'slipway.yml'), 'utf8').includes('library.test'));
  });
});
