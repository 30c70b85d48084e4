// `node scripts/interruptions.mjs [--points 12] [--seed N] [first|second]`: deployments to a lab host that are killed, or whose connection is
// reset, at so many points of a first one and of another release under load. Needs root.
import { prepare } from './prepare.mjs';

const words = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = words.indexOf(`--${name}`);
  return at === -1 ? otherwise : Number(words.splice(at, 2)[1]);
};
const [points, seed] = [option('points', 12), option('seed', 20261121)];
prepare();
const { openPlainServer } = await import('../dist/test/live/server/plain-server.js');
const { changePlain } = await import('../dist/test/live/server/plain-project.js');
const { Interruptions, pointsOf, stepsOf } = await import('../dist/test/live/server/interruptions.js');
const server = await openPlainServer();
try {
  const app = server.app({ more: { rollout: { watch_seconds: 0 } } });
  const steps = stepsOf(await app.run(['deploy']));
  changePlain(app.directory, 'second');
  const later = stepsOf(await app.run(['deploy']));
  const interruptions = new Interruptions(server, console.log);
  if (!words.includes('second')) await interruptions.first(pointsOf(steps, points, seed));
  if (!words.includes('first')) await interruptions.second(pointsOf(later, points, seed));
} finally {
  await server.close();
}
