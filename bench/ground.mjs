import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/prepare.mjs';
import { run, timed } from './command.mjs';

const MAIN = join(ROOT, 'dist/bin/slipway.js');
const EXAMPLE = join(ROOT, 'examples/allotment');

/** A folder, a home of Slipway's own in it, and projects that are ended with it. */
export class Ground {
  folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  home = join(this.folder, 'home');
  #projects = new Map();

  /** With the programs of Slipway's own installed, which is done once on a machine. */
  static async lay() {
    const ground = new Ground();
    const first = ground.copy('tools');
    await ground.up(first);
    await ground.down(first);
    return ground;
  }

  slipway(args, home = this.home) {
    return run([process.execPath, MAIN, ...args], { cwd: this.folder, env: { SLIPWAY_HOME: home, NO_COLOR: '1' } });
  }

  /** A project: the example, copied. */
  copy(name) {
    const directory = join(this.folder, name);
    cpSync(EXAMPLE, directory, { recursive: true });
    return directory;
  }

  /** `up`, timed from outside; with its result. */
  async up(directory, home = this.home) {
    this.#projects.set(directory, home);
    const { ms, value } = await timed(() => this.slipway(['up', '--json', '-C', directory], home));
    return { ms, ...JSON.parse(value.trimEnd().split('\n').at(-1)) };
  }

  async down(directory) {
    await this.slipway(['down', '--delete-data', '--yes', '-C', directory], this.#projects.get(directory));
    this.#projects.delete(directory);
  }

  /** One file, as a developer would. */
  change(directory, word) {
    appendFileSync(join(directory, 'plots/views.py'), `\n# ${word}\n`);
  }

  async end() {
    for (const directory of this.#projects.keys()) await this.down(directory).catch((error) => console.error(String(error)));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
