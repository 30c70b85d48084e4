import { openLab } from '../dist/test/live/lab/hosts/lab.js';
import { labMissing } from '../dist/test/live/lab/hosts/missing.js';
import { changeCode, changePlain } from '../dist/test/live/server/plain-project.js';
import { openPlainServer } from '../dist/test/live/server/plain-server.js';
import { run, timed } from './command.mjs';
import { median, ratio, seconds } from './table.mjs';

const ROUNDS = 5;
const QUICK = { rollout: { watch_seconds: 0 } };

/** A bare Debian and the packages alone, in turns; then a release of one file and a rollback, with what they cannot do without beside them. */
export async function* server() {
  if (labMissing() !== false) {
    yield { what: 'a server', measured: 'not measured', wanted: labMissing(), ok: false };
    return;
  }
  const one = await openPlainServer();
  try {
    const before = await packages(one.host);
    const app = one.app({ more: QUICK });
    const ours = (await timed(() => app.good('deploy'))).ms;
    const names = (await packages(one.host)).filter((name) => !before.includes(name));
    const floor = await aptAlone(names);
    yield {
      what: 'a bare Debian 13 to HTTPS',
      measured: seconds(ours),
      floor: `${seconds(floor)} (apt alone, ${names.length} packages)`,
      ratio: ratio(ours / floor),
      wanted: '≤ 1.5 × the same packages',
      ok: ours <= floor * 1.5,
    };
    yield* releases(one, app);
  } finally {
    await one.close();
  }
}

async function* releases(one, app) {
  const [ours, more, cold, trip, login, renames, moments] = [[], [], [], [], [], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    changeCode(app.directory, `round${round}`);
    ours.push((await timed(() => app.good('deploy'))).ms);
    cold.push(await coldStart(one.host));
    trip.push((await timed(() => ping(one.host.address))).ms);
    login.push((await timed(() => logIn(one))).ms);
    changePlain(app.directory, `again${round}`);
    more.push((await timed(() => app.good('deploy'))).ms);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const before = (await app.good('status')).release;
    const seen = watchMoment(one, app, before);
    const { hosts } = await app.good('rollback', ...(round % 2 === 0 ? [] : [String(await newest(app))]));
    renames.push(hosts[0].renameMs);
    moments.push(await seen);
  }
  const floor = median(cold) + 3 * median(trip);
  const measured = median(ours);
  yield {
    what: 'a release of one file on a server',
    measured: seconds(measured),
    floor: `${seconds(floor)} (cold start, 3 round trips)`,
    ratio: ratio(measured / floor),
    wanted: '≤ 1.25 × floor',
    ok: measured <= floor * 1.25,
  };
  const begun = floor + median(login);
  yield {
    what: 'the same, with Node and a log-in in the floor',
    measured: seconds(measured),
    floor: `${seconds(begun)} (node -e 0, ssh HOST true, and these)`,
    ratio: ratio(measured / begun),
    wanted: '(told only)',
    ok: true,
  };
  yield {
    what: 'a release of code and a static file',
    measured: seconds(median(more)),
    floor: `${seconds(floor)} (cold start, 3 round trips)`,
    ratio: ratio(median(more) / floor),
    wanted: '(told only)',
    ok: true,
  };
  yield {
    what: 'a rollback: the rename on the host',
    measured: `${Math.max(...renames).toFixed(2)} ms at most`,
    wanted: '< 100 ms',
    ok: Math.max(...renames) < 100,
  };
  yield {
    what: 'a rollback: from the last answer of the one to the first of the other',
    measured: `${Math.max(...moments).toFixed(1)} ms at most`,
    wanted: '< 100 ms',
    ok: Math.max(...moments) < 100,
  };
}

const packages = async (host) => (await host.sh(`dpkg-query -W -f '\${Package}\\n'`)).trim().split('\n');

/** The same packages on another bare host, nothing else. */
async function aptAlone(names) {
  const lab = await openLab({ hosts: 1 });
  try {
    const script = `export DEBIAN_FRONTEND=noninteractive; apt-get -q update && apt-get -q -y --no-install-recommends install ${names.join(' ')}`;
    return (await timed(() => lab.hosts[0].sh(script, { timeoutMs: 300_000 }))).ms;
  } finally {
    await lab.close();
  }
}

/** The live release's own web process once more, by hand on the host: from its start to its first answer. */
async function coldStart(host) {
  return Number(await host.sh(`python3 -I - <<'END'\n${COLD}\nEND`));
}

/** As systemd starts it, but for its confinement: the launcher's file says how. */
const COLD = `
import json, os, socket, subprocess, time
launch = json.load(open(os.path.realpath('/srv/plain/live') + '/launch/web.json'))
sock = '/run/plain/bench.sock'
own = [word for word in launch['argv'] if '.sock' in word][0]
argv = [word.replace(own.split('unix:')[-1], sock) for word in launch['argv']]
env = dict((k, v if isinstance(v, str) else 'x' * 50) for k, v in launch['env'].items())
began = time.monotonic()
child = subprocess.Popen(argv, cwd=launch['cwd'], env=env, user='plain', group='plain', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
while True:
    try:
        one = socket.socket(socket.AF_UNIX)
        one.connect(sock)
        one.sendall(b'GET / HTTP/1.0\\r\\nHost: plain.test\\r\\nX-Forwarded-Proto: https\\r\\n\\r\\n')
        if b' 200 ' in one.recv(100):
            break
    except OSError:
        pass
    if child.poll() is not None or time.monotonic() - began > 30:
        raise SystemExit('it did not start')
    time.sleep(0.002)
print((time.monotonic() - began) * 1000)
child.terminate()
child.wait()
if os.path.exists(sock):
    os.unlink(sock)
`;

/** What any program of Node's needs before it can ask a host for the first thing. */
async function logIn({ lab, host }) {
  await run([process.execPath, '-e', '0']);
  await run(['ssh', '-F', lab.sshConfig, host.name, 'true']);
}

async function ping(address) {
  const { connect } = await import('node:net');
  await new Promise((resolve, reject) => {
    const socket = connect(22, address, () => resolve(socket.destroy()));
    socket.on('error', reject);
  });
}

const newest = async (app) => (await app.good('releases')).releases[0].release;

/** Asks through the edge on the host itself without a pause: how long between the last answer of one release and the first of another, in ms. */
async function watchMoment({ host }, { domain }, before) {
  return Number(await host.sh(`python3 -I - ${domain} ${before} <<'END'\n${MOMENT}\nEND`, { timeoutMs: 120_000 }));
}

const MOMENT = `
import socket, ssl, sys, time
domain, before = sys.argv[1:]
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
last = time.monotonic()
while True:
    one = context.wrap_socket(socket.create_connection(('127.0.0.1', 443), 10), server_hostname=domain)
    one.sendall(('GET / HTTP/1.0\\r\\nHost: %s\\r\\n\\r\\n' % domain).encode())
    text = b''
    while True:
        part = one.recv(65536)
        if not part:
            break
        text += part
    one.close()
    now = time.monotonic()
    if b' 200 ' not in text[:20]:
        raise SystemExit('an answer failed: %r' % text[:80])
    if before.encode() not in text:
        print((now - last) * 1000)
        break
    last = now
`;
