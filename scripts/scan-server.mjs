// What security scanners say of an example that was deployed to a lab host. Needs root, and the registries for the scanners themselves.
//   node scripts/scan-server.mjs [nginx|apache] [headers|django|gixy|observatory|testssl]     all of them where none is named
// Grades and findings go to standard output as JSON, one scanner a line; exit code 1 when one is worse than docs/server-security.md says.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, ROOT } from './prepare.mjs';

const [edge = 'nginx', only] = process.argv.slice(2);
const TOOLS = join(process.env.XDG_CACHE_HOME ?? tmpdir(), 'slipway-tests', 'scanners');
const OBSERVATORY = '1.4.8';
const GIXY = '0.2.59';
/** A day of testssl's is long: what it does not need for the grade is left out. */
const TESTSSL = ['--quiet', '--color', '0', '--warnings', 'off', '--overwrite'];

/** Headers that are lists may come in parts: https://www.rfc-editor.org/rfc/rfc9110#section-5.3 */
const LISTS = ['set-cookie', 'vary'];

let bad = false;
const tell = (scanner, ok, result) => {
  bad ||= !ok;
  console.log(JSON.stringify({ scanner, edge, ok, ...result }));
};

prepare();
const { labMissing } = await import(join(ROOT, 'dist/test/live/lab/hosts/missing.js'));
const missing = labMissing();
if (missing) throw new Error(missing);
const { openProduction } = await import(join(ROOT, 'dist/test/live/server/production.js'));
const site = await openProduction('allotment');
try {
  guard(site.project);
  // As a domain's owner chooses when all is well: two years.
  site.configure({ edge }, { settings: { SECURE_HSTS_SECONDS: 63_072_000 } });
  await site.good('deploy');
  const scanners = { headers, django: checkDeploy, ...(edge === 'nginx' ? { gixy } : {}), observatory, testssl };
  for (const [name, scan] of Object.entries(scanners)) if (only === undefined || only === name) await scan();
} finally {
  await site.close();
}
process.exitCode = bad ? 1 : 0;

/** The observatory grades what the project itself sends, too: a policy such as a careful project has. */
function guard(project) {
  const policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  appendFileSync(
    join(project, 'plots/views.py'),
    `\n\ndef guarded(get_response):\n    def middleware(request):\n        response = get_response(request)\n        response['Content-Security-Policy'] = "${policy}"\n        response['Cross-Origin-Resource-Policy'] = 'same-origin'\n        return response\n    return middleware\n`,
  );
  appendFileSync(join(project, 'allotment/settings.py'), '\nMIDDLEWARE = [*MIDDLEWARE, "plots.views.guarded"]\n');
}

/** Each header once: on a page, a redirect, a file, and where the edge answers itself. */
async function headers() {
  const twice = [];
  for (const path of ['/', '/admin/', '/static/admin/css/base.css', '/no-such-page/', '/.env', '/-/health']) {
    const said = await site.host.sh(
      `curl -sk -D - -o /dev/null --resolve ${site.domain}:443:127.0.0.1 ${site.url.slice(0, -1)}${path}`,
    );
    const names = [...said.matchAll(/^([\w-]+):/gm)]
      .map(([, name]) => name.toLowerCase())
      .filter((name) => !LISTS.includes(name));
    twice.push(...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${path} ${name}`));
  }
  tell('duplicated headers', twice.length === 0, { found: twice });
}

async function checkDeploy() {
  const { code, stdout, stderr } = await site.run(['exec', '--', 'python', 'manage.py', 'check', '--deploy']);
  const found = [...`${stdout}${stderr}`.matchAll(/\((\w+\.[WE]\d+)\)/g)].map(([, id]) => id);
  tell('check --deploy', code === 0 && found.length === 0, { found });
}

async function gixy() {
  const venv = join(TOOLS, `gixy-${GIXY}`);
  if (!existsSync(join(venv, 'bin/gixy'))) {
    execFileSync('python3', ['-m', 'venv', venv]);
    execFileSync(join(venv, 'bin/pip'), ['install', '-q', `gixy-ng==${GIXY}`], { stdio: 'inherit' });
  }
  const dump = join(site.lab.folder, 'nginx-dump.conf');
  writeFileSync(dump, await site.host.sh('nginx -T 2>/dev/null'));
  const { stdout } = spawnSync(join(venv, 'bin/gixy'), ['-f', 'json', dump], { encoding: 'utf8' });
  const found = JSON.parse(stdout.slice(stdout.indexOf('['))).map(({ plugin, severity, reason, config }) => ({
    plugin,
    severity,
    reason,
    config,
  }));
  // Debian's own nginx.conf is left as it is.
  const ours = found.filter(({ config }) => !config.includes('worker_connections'));
  tell('gixy', ours.length === 0, { version: GIXY, found });
}

/** Offline: every name leads to the lab, the lab's authority is trusted, and nobody is on the preload list. */
async function observatory() {
  const folder = join(TOOLS, `observatory-${OBSERVATORY}`);
  const own = join(folder, 'node_modules/@mdn/mdn-http-observatory');
  if (!existsSync(own)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `@mdn/mdn-http-observatory@${OBSERVATORY}`], {
      cwd: folder,
    });
    writeFileSync(join(own, 'conf/hsts-preload.json'), '{}');
  }
  const lookup = join(site.lab.folder, 'lookup.cjs');
  writeFileSync(
    lookup,
    `const dns = require('node:dns');
const answer = { address: ${JSON.stringify(site.host.address)}, family: 4 };
dns.lookup = (name, options, done = options) =>
  process.nextTick(() => (options.all ? done(null, [answer]) : done(null, answer.address, answer.family)));
dns.promises.lookup = async (name, options) => (options?.all ? [answer] : answer);
`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['--require', lookup, join(own, 'src/scan.js'), site.domain], {
    encoding: 'utf8',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: site.pebble.root },
  });
  const { scan, tests, error } = JSON.parse(stdout || '{}');
  if (scan === undefined) throw new Error(`the observatory says nothing: ${error ?? stderr}`);
  const failed = Object.entries(tests).filter(([, { pass }]) => !pass);
  tell('MDN Observatory', scan.score >= 125, {
    version: OBSERVATORY,
    score: scan.score,
    grade: scan.grade,
    failed: failed.map(([name, { result }]) => `${name}: ${result}`),
  });
}

/** On the host itself: Debian 13's knows grades, older ones do not. */
async function testssl() {
  await site.host.sh(
    'apt-get -qq -y install --no-install-recommends testssl.sh bind9-host bsdextrautils procps >/dev/null 2>&1',
    { timeoutMs: 300_000 },
  );
  const root = readFileSync(site.pebble.root, 'utf8').replaceAll("'", '');
  await site.host.sh(
    `printf %s '${root}' >/tmp/root.pem; cd /tmp && rm -f t.json; testssl ${TESTSSL.join(' ')} --add-ca /tmp/root.pem --ip 127.0.0.1 --jsonfile /tmp/t.json ${site.domain}:443 >/tmp/t.log 2>&1 || true`,
    { timeoutMs: 600_000 },
  );
  const found = JSON.parse(await site.host.sh('cat /tmp/t.json'));
  const of = (id) => found.find((one) => one.id === id)?.finding;
  const worse = found.filter(({ severity }) => ['MEDIUM', 'HIGH', 'CRITICAL'].includes(severity));
  tell('testssl.sh', of('overall_grade') === 'A+', {
    grade: of('overall_grade'),
    score: of('final_score'),
    found: worse.map(({ id, severity, finding }) => `${severity} ${id}: ${finding}`),
  });
}
