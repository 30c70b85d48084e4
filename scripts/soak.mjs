// `node scripts/soak.mjs [--deploys 40] [--rollbacks 10] [--rate 200]`: releases on a lab host under mixed load, none of which may be lost, and
// three ways of others that must be seen to lose some. Needs root.
import { prepare } from './prepare.mjs';

const words = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = words.indexOf(`--${name}`);
  return at === -1 ? otherwise : Number(words.splice(at, 2)[1]);
};
const options = {
  deploys: option('deploys', 40),
  rollbacks: option('rollbacks', 10),
  rate: option('rate', 200),
  say: console.log,
};
prepare();
const { openPlainServer } = await import('../dist/test/live/server/plain-server.js');
const { Soak } = await import('../dist/test/live/server/soak.js');
const server = await openPlainServer();
try {
  const app = server.app({ more: { rollout: { watch_seconds: 0 } } });
  await app.good('deploy');
  const soak = new Soak(server, app, options);
  await soak.releases();
  await soak.controls();
} finally {
  await server.close();
}
