const MOST_LINES = 30;

const TRACEBACK = /^\s*(?:\+ )?(?:Exception Group )?Traceback \(most recent call last\):$/;
const FRAME = /^\s+File "(.+)", line \d+/;
const CHAINED = /^(?:During handling of the above exception|The above exception was the direct cause)/;
/** Python 3.11 underlines where in the line: https://docs.python.org/3/whatsnew/3.11.html#pep-657-fine-grained-error-locations-in-tracebacks */
const UNDERLINE = /^\s+[~^]+\s*$/;

/** Times, and ids and names of processes, by which the same line of two processes, or of two tries, differs. */
const OF_ONE_PROCESS = /\[[^\]]*\d[^\]]*\]|\bpid:? ?\d+|Process-\d+|\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?/gi;

interface Frame {
  readonly file: string;
  readonly lines: readonly string[];
}

interface Traceback {
  /** None where the lines of another process came between it and its frames. */
  readonly head: string | undefined;
  readonly frames: readonly Frame[];
}

/**
 * The end of a log as a person needs it: of trace-backs, the frames below `root` (said relative to it) and what was raised; without those that
 * have none, where another has; everything said once, since every process of a server says the same, at the same time or again with each try.
 * At most 30 lines.
 * @param root absolute folder of the project's own code
 */
export function logExcerpt(text: string, root?: string): string[] {
  const parts = split(text.trimEnd().split('\n'));
  const own = (part: Traceback): Frame[] => part.frames.filter(({ file }) => root !== undefined && file.startsWith(`${root}/`));
  const someOwn = parts.some((part) => typeof part !== 'string' && own(part).length > 0);
  const told = new Set<string>();
  const relative = (line: string) => (root === undefined ? line : line.replaceAll(`${root}/`, ''));
  const once = (key: string, lines: readonly string[]): readonly string[] => {
    if (told.has(key)) return [];
    told.add(key);
    return lines;
  };
  const lines = parts.flatMap((part) => {
    if (typeof part === 'string') return once(part.replace(OF_ONE_PROCESS, ''), [relative(part)]);
    const frames = own(part);
    const head = part.head === undefined ? [] : [part.head];
    if (frames.length === 0) return someOwn ? [] : [...head, ...part.frames.flatMap((frame) => frame.lines)];
    const shown = frames.flatMap((frame) => frame.lines.map(relative));
    return once(shown.join('\n'), [...head, ...shown]);
  });
  return lines.filter((line) => line.trim() !== '').slice(-MOST_LINES);
}

/** Lines and trace-backs, in order. The line that says what was raised is a line. */
function split(lines: readonly string[]): (string | Traceback)[] {
  const parts: (string | Traceback)[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const isHead = TRACEBACK.test(line);
    if (!isHead && !FRAME.test(line)) {
      if (!CHAINED.test(line)) parts.push(line);
      at++;
      continue;
    }
    if (isHead) at++;
    const frames: { file: string; lines: string[] }[] = [];
    for (; at < lines.length && /^\s/.test(lines[at] ?? ''); at++) {
      const inner = lines[at] ?? '';
      const file = FRAME.exec(inner)?.[1];
      if (file !== undefined) frames.push({ file, lines: [inner] });
      else if (!UNDERLINE.test(inner)) frames.at(-1)?.lines.push(inner);
    }
    parts.push({ head: isHead ? line : undefined, frames: distinct(frames) });
  }
  return parts;
}

/** Two processes that fail alike write the lines of one trace-back in turns. */
const distinct = (frames: readonly Frame[]): Frame[] => [
  ...new Map(frames.map((frame) => [frame.lines.join('\n'), frame])).values(),
];
