import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProgramOptions, type ProgramRun, runProgram } from '../../support/program.js';

export interface Person {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/** Runs as root in a mount namespace of its own: overlays first, so that what is removed is removed for nobody else. */
const HIDE = `
set -eu
over=$1; shift
for tree in usr etc; do
  mkdir -p "$over/$tree/upper" "$over/$tree/work"
  mount -t overlay overlay -o "lowerdir=/$tree,upperdir=$over/$tree/upper,workdir=$over/$tree/work" "/$tree"
done
if [ -n "$1" ]; then
  printf '%s:x:%s:%s::%s:/bin/sh\\n' "$1" "$2" "$2" "$3" >> /etc/passwd
  printf '%s:x:%s:\\n' "$1" "$2" >> /etc/group
fi
shift 3
rm -rf -- "$@"
echo ready
exec sleep infinity
`;

/**
 * This machine as it would be without some of its programs, and with one more user: a private view of /usr and /etc that nobody else sees
 * and that ends with it. https://docs.kernel.org/filesystems/overlayfs.html
 */
export class BareMachine {
  private constructor(
    private readonly holder: ChildProcess,
    private readonly folder: string,
    private readonly person: Person | undefined,
  ) {}

  /** @throws Error with what mount said, where the kernel or the container does not allow it */
  static async make(without: readonly string[], person?: Person): Promise<BareMachine> {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-bare-'));
    const over = join(folder, 'over');
    mkdirSync(over);
    const user = person === undefined ? ['', '', ''] : [person.name, String(person.uid), person.home];
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', HIDE, 'sh', over, ...user, ...without], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const machine = new BareMachine(holder, folder, person);
    let said = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const ready = new Promise<boolean>((resolve) => {
      holder.stdout.once('data', () => resolve(true));
      holder.once('close', () => resolve(false));
      holder.once('error', () => resolve(false));
    });
    if (await ready) return machine;
    await machine.end();
    throw new Error(said.trim() || 'unshare could not be started');
  }

  /** Runs a program there, as the person if there is one, with nothing of this process's environment but what is given. */
  run(argv: readonly [string, ...string[]], options: ProgramOptions): Promise<ProgramRun> {
    const { person } = this;
    const as: string[] =
      person === undefined ? [] : ['setpriv', `--reuid=${person.uid}`, `--regid=${person.uid}`, '--clear-groups', '--'];
    return runProgram(
      [
        'nsenter',
        `--target=${this.holder.pid}`,
        '--mount',
        ...(options.cwd === undefined ? [] : [`--wd=${options.cwd}`]),
        '--',
        ...as,
        ...argv,
      ],
      options,
    );
  }

  async end(): Promise<void> {
    if (this.holder.exitCode === null && this.holder.signalCode === null) {
      const gone = once(this.holder, 'close');
      this.holder.kill('SIGKILL');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
