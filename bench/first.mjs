import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { ByHand, liveEnvironment } from './hand.mjs';
import { median, ratio, seconds } from './table.mjs';

const ROUNDS = 4;

/** The first `up` of a project and the same by hand, each first as often as the other, the cache of uv warm and the disk at rest for both. */
export async function* first(ground) {
  const live = liveEnvironment(ground.home);
  const [ours, byHand] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    rmSync(join(ground.home, 'environments'), { recursive: true, force: true });
    const project = ground.copy(`first-${round}`);
    const up = async () => ours.push((await ground.up(project)).ms);
    const hand = async () => byHand.push(await new ByHand(join(ground.folder, `by-hand-${round}`), project, live).whole());
    for (const way of round % 2 === 0 ? [up, hand] : [hand, up]) {
      // What was deleted and written before is not theirs to wait for.
      await run(['sync']);
      await way();
    }
    await ground.down(project);
  }
  const [measured, floor] = [median(ours), median(byHand)];
  yield {
    what: 'first up',
    measured: seconds(measured),
    floor: seconds(floor),
    ratio: ratio(measured / floor),
    wanted: '≤ 1.3 × by hand',
    ok: measured <= floor * 1.3,
  };
  const project = ground.copy('first-ever');
  const { ms } = await ground.up(project, join(ground.folder, 'another-home'));
  await ground.down(project);
  yield {
    what: 'first up ever, Slipway’s own tools too',
    measured: seconds(ms),
    floor: seconds(floor),
    ratio: ratio(ms / floor),
    wanted: '(told only)',
    ok: true,
  };
}
