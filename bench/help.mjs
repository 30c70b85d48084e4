import { run, timed } from './command.mjs';
import { median, seconds } from './table.mjs';

const ROUNDS = 9;

/** What a command costs that does nothing; Node alone beside it. */
export async function* help(ground) {
  const [ours, node] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push((await timed(() => ground.slipway(['--help']))).ms);
    node.push((await timed(() => run([process.execPath, '-e', '0']))).ms);
  }
  yield {
    what: 'slipway --help',
    measured: seconds(median(ours)),
    floor: `${seconds(median(node))} (node -e 0)`,
    ratio: (median(ours) / median(node)).toFixed(2),
    wanted: '≤ 0.15 s',
    ok: median(ours) <= 150,
  };
}
