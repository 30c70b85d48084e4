import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startLoad } from '../../support/open-loop.js';
import { labMissing } from '../lab/hosts/missing.js';
import { changePlain } from './plain-project.js';
import { openPlainServer, type PlainServer } from './plain-server.js';

/** An administrator's site, as each front server is told of it. */
const SITES = {
  nginx: {
    package: 'nginx',
    unit: 'nginx.service',
    file: '/etc/nginx/sites-available/older',
    enable: 'ln -s ../sites-available/older /etc/nginx/sites-enabled/older',
    text: `server {
  listen 80; listen 443 ssl; server_name app1.test;
  ssl_certificate /etc/older/certificate.pem; ssl_certificate_key /etc/older/key.pem;
  root /var/www/older;
}`,
  },
  apache: {
    package: 'apache2',
    unit: 'apache2.service',
    file: '/etc/apache2/sites-available/older.conf',
    enable: 'a2enmod -q ssl; a2ensite -q older',
    text: `<VirtualHost *:80>
  ServerName app1.test
  DocumentRoot /var/www/older
</VirtualHost>
<VirtualHost *:443>
  ServerName app1.test
  DocumentRoot /var/www/older
  SSLEngine on
  SSLCertificateFile /etc/older/certificate.pem
  SSLCertificateKeyFile /etc/older/key.pem
</VirtualHost>`,
  },
} as const;

test('a front server that an administrator has set up', { skip: labMissing(), timeout: 600_000 }, async (context) => {
  let server: PlainServer;
  const sh = (script: string) => server.host.sh(script);

  before(async () => {
    server = await openPlainServer();
    const put = (name: string) =>
      sh(`mkdir -p /etc/older && cat >/etc/older/${name} <<'END'\n${readFileSync(join(server.folder, name), 'utf8')}END`);
    await put('certificate.pem');
    await put('key.pem');
    await sh('mkdir -p /var/www/older && echo "<html>an older site</html>" >/var/www/older/index.html');
  });
  after(async () => server?.close());

  for (const edge of ['apache', 'nginx'] as const) {
    await context.test(
      `${edge}: its site answers through a deployment, a release and a removal, and nothing of it is changed`,
      async () => {
        const { package: name, unit, file, enable, text } = SITES[edge];
        await sh('systemctl disable -q --now apache2.service nginx.service 2>/dev/null || true');
        await sh(`(apt-get update && apt-get install -y --no-install-recommends ${name}) >/dev/null 2>&1
cat >${file} <<'END'\n${text}\nEND
${enable}; systemctl restart ${unit}`);
        const ofTheirs = () =>
          sh(
            `sha256sum ${file}; ls /etc/${name}/sites-enabled /etc/${name}/conf.d 2>/dev/null || true; systemctl show -p FragmentPath,DropInPaths,User ${unit}`,
          );
        const [before, pid] = [await ofTheirs(), await sh(`systemctl show -p MainPID ${unit}`)];
        const older = () =>
          sh(
            `curl -s http://app1.test/ --resolve app1.test:80:127.0.0.1; curl -sk https://app1.test/ --resolve app1.test:443:127.0.0.1`,
          );
        assert.equal((await older()).match(/an older site/g)?.length, 2);
        if (edge === 'apache') {
          const ran = await server.app({ app: 'app2' }).run(['deploy']);
          assert.equal(ran.code, 8, ran.stdout);
          assert.match(ran.stdout, /Port 80 and 443 of \S*h1 belongs to apache2 \(apache2\.service\)/);
          assert.match(ran.stdout, /edge: apache/);
          assert.equal(await sh(`systemctl show -p MainPID ${unit}`), pid);
        }
        const load = startLoad({
          ...{ url: 'https://app1.test/', ca: server.ca, rate: 10, address: server.host.address, contains: 'an older site' },
          freshEvery: 1,
        });
        const app = server.app({ app: edge === 'apache' ? 'plain' : 'app3', more: { edge } });
        const page = () => sh(`curl -sk ${app.url} --resolve ${app.domain}:443:127.0.0.1`);
        await app.good('deploy');
        assert.match(await page(), /GET first/);
        assert.equal((await app.good('deploy'))['changed'], false);
        changePlain(app.directory, 'second');
        await app.good('deploy');
        assert.match(await page(), /GET second/);
        assert.equal((await older()).match(/an older site/g)?.length, 2);
        await app.good('remove', '--delete-data', '--yes');
        const { failures, sent } = await load.stop();
        assert.deepEqual(failures, {}, `of ${sent}`);
        assert.equal((await older()).match(/an older site/g)?.length, 2);
        assert.equal(await ofTheirs(), before);
        assert.equal(await sh(`systemctl show -p MainPID ${unit}`), pid, 'it was never started anew');
      },
    );
  }
});
