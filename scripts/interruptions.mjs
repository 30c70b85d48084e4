// `node scripts/interruptions.mjs [--points 12] [--seed N] [first|second]`: deployments to lab hosts that are killed, or whose connection is
// reset, at so many points of a first one, each to a bare host of its own, and of another release under load. Needs root.
import { onlyKnown, prepare } from './prepare.mjs';

const words = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = words.indexOf(`--${name}`);
  return at === -1 ? otherwise : Number(words.splice(at, 2)[1]);
};
const [points, seed] = [option('points', 12), option('seed', 20261121)];
onlyKnown(
  import.meta.url,
  words.filter((word) => word !== 'first' && word !== 'second'),
);
prepare();
const { openPlainServer } = await import('../dist/test/live/server/plain-server.js');
const { changePlain } = await import('../dist/test/live/server/plain-project.js');
const { Interruptions, pointsOf, stepsOf } = await import('../dist/test/live/server/interruptions.js');

const onServer = async (work) => {
  const server = await openPlainServer();
  try {
    return await work(server, new Interruptions(server, console.log));
  } finally {
    await server.close();
  }
};

const steps = await onServer(async (server, interruptions) => {
  const app = server.app({ more: { rollout: { watch_seconds: 0 } } });
  const steps = stepsOf(await app.run(['deploy']));
  changePlain(app.directory, 'second');
  const later = stepsOf(await app.run(['deploy']));
  if (!words.includes('first')) await interruptions.second(pointsOf(later, points, seed));
  return steps;
});
// These have nothing to do with each other: one that fails is told, and the others are tried.
for (const point of words.includes('second') ? [] : pointsOf(steps, points, seed)) {
  try {
    await onServer((_, interruptions) => interruptions.first([point]));
  } catch (error) {
    console.log(`first deployment, ${point.fault} at ${point.step}: ${error.stack}`);
    process.exitCode = 1;
  }
}
