import { readFileSync } from 'node:fs';
import { sendRequest } from '../dist/src/hosts/http-request.js';
import { rpc } from '../dist/src/ops/supervisor.js';
import { startLoad } from '../dist/test/support/open-loop.js';
import { supervisorSocketOf } from '../dist/test/support/state.js';

const RELEASES = 20;
const RATE = 200;

/** Releases under an open-loop load, and what the same load sees of a plain restart. */
export async function* load(ground) {
  const project = ground.copy('load');
  const up = await ground.up(project);
  const start = () =>
    startLoad({ url: up.url, ca: readFileSync(up.ca), rate: RATE, postEvery: 3, postPath: '/', postStatus: 403 });
  const during = start();
  let last = up.release;
  for (let number = 0; number < RELEASES; number++) {
    ground.change(project, `release ${number}`);
    last = (await ground.up(project)).release;
  }
  const report = await during.stop();
  yield {
    what: `failed of ${report.sent} requests, ${RELEASES} ups at ${RATE}/s`,
    measured: `${report.failed} ${Object.keys(report.failures).join(' ')}`.trim(),
    floor: `p50 ${report.p50} ms, p99 ${report.p99} ms`,
    wanted: '0',
    ok: report.failed === 0 && report.sent > 0,
  };
  const restarted = start();
  await plainRestart(supervisorSocketOf(ground.home, project), `release-${last}`);
  await new Promise((wake) => setTimeout(wake, 3000));
  const control = await restarted.stop();
  await ground.down(project);
  yield {
    what: `failed of ${control.sent}, a plain restart instead`,
    measured: `${control.failed} ${Object.keys(control.failures).join(' ')}`.trim(),
    wanted: '> 0: it is seen',
    ok: control.failed > 0,
  };
}

async function plainRestart(socket, group) {
  await sendRequest(rpc.stopGroup(socket, group, 30));
  await sendRequest(rpc.startGroup(socket, group));
}
