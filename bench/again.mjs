import { join } from 'node:path';
import { ByHand, liveEnvironment } from './hand.mjs';
import { median, ratio, seconds } from './table.mjs';

const ROUNDS = 7;

/** `up` with one file changed against a cold start by hand, in turns; then with nothing changed. */
export async function* again(ground) {
  const project = ground.copy('again');
  await ground.up(project);
  const hand = new ByHand(join(ground.folder, 'by-hand-again'), project, liveEnvironment(ground.home));
  await hand.install();
  await hand.prepare();
  await hand.cold();
  const [ours, byHand, nothing] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    ground.change(project, `round ${round}`);
    ours.push((await ground.up(project)).ms);
    nothing.push((await ground.up(project)).ms);
    byHand.push(await hand.cold());
  }
  await ground.down(project);
  const [measured, floor] = [median(ours), median(byHand)];
  const most = floor * 1.25 + 1000;
  yield {
    what: 'up, one file changed',
    measured: seconds(measured),
    floor: seconds(floor),
    ratio: ratio(measured / most),
    wanted: `≤ 1.25 × floor + 1 s = ${seconds(most)}`,
    ok: measured <= most,
  };
  yield { what: 'up, nothing changed', measured: seconds(median(nothing)), wanted: '≤ 0.6 s', ok: median(nothing) <= 600 };
}
