// Real Debian hosts to try things on by hand (test/live/lab/hosts). Needs root.
//   node scripts/lab.mjs up 1 [bookworm|resolute|noble|jammy]   prints the hosts' addresses, the ssh_config to use and the lab's number
//   node scripts/lab.mjs list              what runs
//   node scripts/lab.mjs exec N hI CMD…    inside host hI of lab N, without SSH
//   node scripts/lab.mjs cut|start|off N hI
//   node scripts/lab.mjs down [N]          one lab, or all that this script made
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare, ROOT } from './prepare.mjs';

const KEPT = '/run/slipway-lab-by-hand';
const [verb = 'help', ...words] = process.argv.slice(2);
const load = (name) => import(join(ROOT, 'dist/test/live/lab/hosts', name));
const socketOf = (number) => join(KEPT, `${number}.sock`);

const verbs = { up, list, exec: ask, cut: ask, start: ask, off: ask, down, _keep: keep };
await (verbs[verb] ?? help)();

function help() {
  console.log(
    readFileSync(fileURLToPath(import.meta.url), 'utf8')
      .split('\nimport')[0]
      .replaceAll('// ', ''),
  );
  process.exitCode = 2;
}

/** The hosts live as long as a process of their own does, which this one starts and leaves. */
async function up() {
  prepare();
  const missing = (await load('missing.js')).labMissing();
  if (missing) return fail(missing);
  mkdirSync(KEPT, { recursive: true });
  const log = join(KEPT, `${process.pid}.log`);
  const out = openSync(log, 'w');
  const keeper = spawn(process.execPath, [fileURLToPath(import.meta.url), '_keep', words[0] ?? '1', words[1] ?? 'trixie'], {
    detached: true,
    stdio: ['ignore', out, out],
  });
  let over = false;
  keeper.on('exit', () => (over = true));
  for (;;) {
    const text = readFileSync(log, 'utf8');
    if (text.endsWith('ready\n')) {
      console.log(text.replace(/ready\n$/, '').trimEnd());
      break;
    }
    if (over) return fail(text);
    await new Promise((wake) => setTimeout(wake, 50));
  }
  keeper.unref();
}

async function keep() {
  const { openLab } = await load('lab.js');
  const lab = await openLab({ hosts: Number(words[0]), suite: words[1] });
  const number = lab.gateway.split('.')[2];
  const close = async () => {
    rmSync(socketOf(number), { force: true });
    rmSync(join(KEPT, `${number}.json`), { force: true });
    await lab.close();
    process.exit(0);
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('end', async () => {
      try {
        const [what, name, ...argv] = JSON.parse(text);
        const host = lab.hosts.find((each) => each.name === name);
        if (what === 'down') {
          socket.end(JSON.stringify({ code: 0 }));
          await close();
        }
        if (host === undefined) throw new Error(`no host ${name} in lab ${number}`);
        const ran = what === 'exec' ? await host.exec(argv) : await host[what]();
        socket.end(JSON.stringify(ran ?? { code: 0 }));
      } catch (error) {
        socket.end(JSON.stringify({ code: 1, stderr: `${error.message}\n` }));
      }
    });
  });
  rmSync(socketOf(number), { force: true });
  server.listen(socketOf(number));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, close);
  const told = { lab: number, hosts: lab.hosts.map(({ name, address }) => ({ name, address })), sshConfig: lab.sshConfig };
  writeFileSync(join(KEPT, `${number}.json`), JSON.stringify(told));
  console.log(lines(told) + '\nready');
}

function lines({ lab, hosts, sshConfig }) {
  return [`lab ${lab}`, ...hosts.map(({ name, address }) => `${name} ${address}`), `ssh -F ${sshConfig} h1`].join('\n');
}

function kept() {
  if (!existsSync(KEPT)) return [];
  const files = readdirSync(KEPT).filter((name) => name.endsWith('.json'));
  return files.map((name) => JSON.parse(readFileSync(join(KEPT, name), 'utf8')));
}

function list() {
  for (const each of kept()) console.log(lines(each));
}

async function ask() {
  const [number, ...rest] = words;
  const { code, stdout = '', stderr = '' } = await call(number, [verb, ...rest]);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = code;
}

async function down() {
  const numbers = words.length > 0 ? words : kept().map(({ lab }) => lab);
  for (const number of numbers) {
    const { code } = await call(number, ['down']).catch(() => ({ code: 1 }));
    // Its keeper is dead: the hosts died with it, and the next lab removes the rest.
    if (code !== 0) for (const end of ['json', 'sock']) rmSync(join(KEPT, `${number}.${end}`), { force: true });
  }
}

function call(number, message) {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path: socketOf(number), allowHalfOpen: true });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(JSON.parse(text)));
    socket.end(JSON.stringify(message));
  });
}

function fail(text) {
  console.error(text);
  process.exitCode = 5;
}
