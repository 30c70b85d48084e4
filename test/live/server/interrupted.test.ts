import { after, before, test } from 'node:test';
import { labMissing } from '../lab/hosts/missing.js';
import { Interruptions, pointsOf, stepsOf } from './interruptions.js';
import { changePlain } from './plain-project.js';
import { openPlainServer, type PlainApp, type PlainServer } from './plain-server.js';

/** Of the dozen that `node scripts/interruptions.mjs` tries. */
const POINTS = 2;

const skip = labMissing();
let server: PlainServer;
let app: PlainApp;

before(async () => {
  if (skip !== false) return;
  server = await openPlainServer();
  app = server.app({ more: { rollout: { watch_seconds: 0 } } });
});
after(async () => server?.close());

test('a deployment that is killed or cut off leaves a whole release or none, and the next one goes on', {
  skip,
  timeout: 600_000,
}, async (context) => {
  const interruptions = new Interruptions(server, (text) => context.diagnostic(text));
  const steps = stepsOf(await interruptions.packages(app));
  changePlain(app.directory, 'second');
  const later = stepsOf(await app.run(['deploy']));
  // Other points every day.
  const seed = Math.floor(Date.now() / 86_400_000);
  context.diagnostic(`seed ${seed}`);
  await interruptions.first(pointsOf(steps, POINTS, seed));
  await interruptions.second(pointsOf(later, POINTS, seed));
});
