// `node scripts/soak.mjs [--deploys 40] [--rollbacks 10] [--rate 200] [--edge nginx|apache]`: releases on a lab host under mixed load, none of
// which may be lost, and ways of others that must be seen to lose some. Needs root.
import { onlyKnown, prepare } from './prepare.mjs';

const words = process.argv.slice(2);
const option = (name, otherwise) => {
  const at = words.indexOf(`--${name}`);
  return at === -1 ? otherwise : words.splice(at, 2)[1];
};
const options = {
  deploys: Number(option('deploys', 40)),
  rollbacks: Number(option('rollbacks', 10)),
  rate: Number(option('rate', 200)),
  edge: option('edge', 'nginx'),
  say: console.log,
};
onlyKnown(import.meta.url, words);
prepare();
const { openPlainServer } = await import('../dist/test/live/server/plain-server.js');
const { Soak } = await import('../dist/test/live/server/soak.js');
const server = await openPlainServer();
try {
  const soak = new Soak(server, options);
  await soak.app.good('deploy');
  await soak.releases();
  await soak.controls();
} finally {
  await server.close();
}
