import { type Found, found } from '../../core/found.js';
import type { ProjectProcess } from '../../core/project.js';
import { slug } from '../slug.js';
import { type CommandLine, hasBeatInside, readCommandLine } from './command-line.js';
import { type Clues, libraryProcesses } from './libraries.js';
import { type Shown, shownCommands } from './shown.js';

export interface Processes {
  readonly processes: readonly ProjectProcess[];
  readonly hints: readonly Found<string>[];
}

/** Every long-running process of the project but the web one, each once, and what else the files that run it say. */
export function projectProcesses(clues: Clues): Processes {
  const shown = shownCommands(clues.sources.tree).map((one) => ({ one, line: readCommandLine(one.command) }));
  const processes: ProjectProcess[] = [];
  const hints: Found<string>[] = [];
  const done = new Set<string>();
  const library = libraryProcesses(clues);
  const commands = ownCommands(clues);
  for (const { one, line } of shown) {
    const hint = hintOf(one, line);
    if (hint !== undefined) hints.push(hint);
    if (line === undefined || hint !== undefined || !isProcess(line, commands) || done.has(line.does)) continue;
    if (isRivalWorker(line, processes, one, library)) continue;
    done.add(line.does);
    processes.push(...asProcesses(one, { ...line, argv: withApp(line.argv, library) }));
  }
  for (const process of library) {
    const does = readCommandLine(process.argv.join(' '))?.does ?? '';
    const same = processes.some((other) => program(other) === program(process) && other.kind === process.kind);
    if (!done.has(does) && !same) processes.push(process);
  }
  return { processes: named(onlyOneBeat(processes)), hints };
}

/** A command line that takes its Celery application from the environment gets it by name. */
function withApp(argv: readonly string[], library: readonly ProjectProcess[]): readonly string[] {
  const named = argv.some((word) => /^(-A|--app)/.test(word));
  const known = library.find((process) => process.argv[0] === 'celery' && process.argv[1] === '-A')?.argv[2];
  return argv[0] !== 'celery' || named || known === undefined ? argv : ['celery', '-A', known, ...argv.slice(1)];
}

const program = (process: Pick<ProjectProcess, 'argv'>): string =>
  process.argv[0] === 'python' ? (process.argv[2] ?? 'python') : (process.argv[0] ?? '');

/** Management commands that the project itself defines. */
function ownCommands({ sources }: Clues): Set<string> {
  const files = sources.tree.files.filter(({ path }) => /(^|\/)management\/commands\/[^_/][^/]*\.py$/.test(path));
  return new Set(files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1, -3)));
}

function isProcess(line: CommandLine, commands: ReadonlySet<string>): boolean {
  if (line.kind === 'worker' || line.kind === 'beat') return true;
  return line.kind === 'daemon' && commands.has(line.argv[2] ?? '');
}

/** A compose file shows a worker of a library that another file already described better. */
function isRivalWorker(
  line: CommandLine,
  processes: readonly ProjectProcess[],
  one: Shown,
  library: readonly ProjectProcess[],
): boolean {
  if (line.kind !== 'worker' || one.rank < 3) return false;
  const first = program(line);
  if (first === 'celery' && !library.some((process) => process.argv[0] === 'celery')) return true;
  return processes.some(
    (process) =>
      process.kind === 'worker' && program(process) === first && !process.from.startsWith(one.from.split(' ')[0] ?? ''),
  );
}

function asProcesses(one: Shown, line: CommandLine): ProjectProcess[] {
  const kind = line.kind === 'worker' || line.kind === 'beat' ? line.kind : 'daemon';
  const fallback = kind === 'daemon' ? (line.argv[2] ?? 'daemon') : kind;
  const name = slug(one.name === '' ? fallback : one.name);
  if (kind !== 'worker' || !hasBeatInside(line.argv)) return [{ name, kind, argv: line.argv, from: one.from }];
  const worker = line.argv.filter((word) => word !== '-B' && word !== '--beat');
  const at = worker.indexOf('worker');
  const app = worker
    .slice(0, at)
    .concat(
      worker.includes('-A') && worker.indexOf('-A') > at ? worker.slice(worker.indexOf('-A'), worker.indexOf('-A') + 2) : [],
    );
  return [
    { name, kind, argv: worker, from: one.from },
    { name: 'beat', kind: 'beat', argv: [...app, 'beat'], from: `${one.from} (-B)` },
  ];
}

/** A web line may hold `$PORT`, which makes it a shell's. */
const SERVES = /(^|[\s/])(gunicorn|uvicorn|daphne|hypercorn|granian|uwsgi|waitress-serve)\s/;

function hintOf(one: Shown, line: CommandLine | undefined): Found<string> | undefined {
  if (one.rank === 0 && one.name === 'release') return found(`its release command is: ${one.command}`, one.from);
  if (one.conditional === true) return found(`runs only where somebody asks for it: ${one.command}`, one.from);
  if (line?.kind === 'web' || SERVES.test(one.command))
    return one.rank <= 1 ? found(`the project itself serves with: ${one.command}`, one.from) : undefined;
  if (one.beside === true && line?.kind === 'other')
    return found(`its container runs this beside the web process, and nothing here does: ${one.command}`, one.from);
  if (line === undefined && one.rank <= 1) return found(`a command that needs a shell is not run: ${one.command}`, one.from);
  return undefined;
}

/** Two beats would send every task twice. */
function onlyOneBeat(processes: readonly ProjectProcess[]): ProjectProcess[] {
  const first = processes.find((process) => process.kind === 'beat' && process.argv[0] === 'celery');
  return processes.filter((process) => process.kind !== 'beat' || process.argv[0] !== 'celery' || process === first);
}

/** Names are unique; `web` is taken. */
function named(processes: readonly ProjectProcess[]): ProjectProcess[] {
  const taken = new Set(['web']);
  return processes.map((process) => {
    let name = process.name;
    for (let count = 2; taken.has(name); count += 1) name = `${process.name}-${count}`;
    taken.add(name);
    return { ...process, name };
  });
}
