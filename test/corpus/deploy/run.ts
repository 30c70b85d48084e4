import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SUITES } from '../../live/lab/hosts/image.js';
import { labMissing } from '../../live/lab/hosts/missing.js';
import { pebbleMissing } from '../../live/lab/hosts/pebble.js';
import { openGround } from '../../live/server/production.js';
import { EXAMPLES } from '../../support/examples.js';
import { stopped } from '../../support/stopped.js';
import { markdown } from './markdown.js';
import { type Subject, subjectOf } from './subject.js';
import { type Deployment, deployed, type Standing, type Way } from './try-deployment.js';

const USAGE = `node scripts/deploy-corpus.mjs [--edge nginx|apache] [--server default|mod_wsgi|uwsgi] [--system trixie|bookworm|resolute|noble|jammy] [--together] [--checkouts DIR] [projects…]

Projects on bare lab hosts with a certificate authority: plan, deploy, a visit, deploy again, verify, remove. Prints a table. Needs root.
  --together        all on one host, beside each other; else each on a fresh one
  --checkouts DIR   where projects of the ladder are checked out (default: $SLIPWAY_CORPUS, else ./corpus-checkouts)
projects            examples, names of the ladder (test/corpus/ladder.ts), or folders; none: every example`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    edge: { type: 'string', default: 'nginx' },
    server: { type: 'string', default: 'default' },
    system: { type: 'string', default: 'trixie' },
    together: { type: 'boolean', default: false },
    checkouts: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const oneOf = <T extends string>(option: string, word: string, among: readonly T[]): T => {
  const found = among.find((one) => one === word);
  if (found === undefined) throw new Error(`--${option} ${word}: there are ${among.join(', ')}\n\n${USAGE}`);
  return found;
};

const stop = stopped();
if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const missing = labMissing() || pebbleMissing();
  if (missing) throw new Error(missing);
  const way: Way = {
    edge: oneOf('edge', values.edge, ['nginx', 'apache']),
    server: oneOf('server', values.server, ['default', 'mod_wsgi', 'uwsgi']),
  };
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const checkouts = resolve(from, values.checkouts ?? process.env['SLIPWAY_CORPUS'] ?? 'corpus-checkouts');
  const words = positionals.length === 0 ? Object.keys(EXAMPLES) : positionals;
  const subjects = words.map((word) => subjectOf(word, checkouts, from));
  const groups = values.together ? [subjects] : subjects.map((subject) => [subject]);
  const all: Deployment[] = [];
  for (const group of groups) all.push(...(await onOneHost(group, way)));
  console.log(`\n${markdown(way, all)}`);
  for (const { name, warnings } of all) for (const warning of warnings) console.log(`${name}: ${warning}`);
  if (all.some(({ failing }) => failing.length > 0)) process.exitCode = 1;
}

async function onOneHost(subjects: readonly Subject[], way: Way): Promise<Deployment[]> {
  const ground = await openGround(oneOf('system', values.system, SUITES));
  const leave = () => void ground.close().finally(() => process.exit(130));
  stop.addEventListener('abort', leave);
  try {
    stop.throwIfAborted();
    const standing: Standing[] = [];
    for (const subject of subjects) {
      const one = await deployed(ground, subject, way);
      console.log(subject.name, one.failing.length === 0 ? 'is there' : one.failing.join('\n  '));
      standing.push(one);
    }
    const seen: Deployment[] = [];
    for (const one of standing) {
      const last = await one.leave();
      console.log(last.name, last.failing.length === 0 ? 'is gone again' : last.failing.join('\n  '));
      seen.push(last);
    }
    return seen;
  } finally {
    stop.removeEventListener('abort', leave);
    await ground.close();
  }
}
