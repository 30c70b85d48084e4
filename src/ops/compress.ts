import { type Command, cmd } from '../core/command.js';
import { Failure } from '../core/failure.js';

/** Where STATIC_ROOT must point so that the edge finds the files: below the tree's `plain` folder at the URL's path. */
export const staticRoot = (tree: string, url: string): string => `${tree}/plain/${url.replace(/^\/+|\/+$/g, '')}`;

export interface Compress {
  /** The toolbox's interpreter. */
  readonly python: string;
  /** Absolute path of compress.py. */
  readonly tool: string;
  /** The release's static tree; its `plain` folder is filled. */
  readonly tree: string;
  /** Trees of earlier releases, whose compressed files are taken over where the content is the same. */
  readonly like: readonly string[];
  /** The tree that gathers hashed files; absent: none is kept. */
  readonly kept?: string;
}

/** Compresses the tree and fills the kept one. Prints what `parseCompressed` reads. */
export const compressCommand = ({ python, tool, tree, like, kept }: Compress): Command => ({
  ...cmd(
    python,
    '-I',
    tool,
    '--tree',
    tree,
    ...like.flatMap((one) => ['--like', one]),
    ...(kept === undefined ? [] : ['--kept', kept]),
  ),
  timeoutSeconds: 600,
});

export interface Compressed {
  readonly files: number;
  readonly bytes: number;
  /** What a browser that takes brotli loads. */
  readonly compressedBytes: number;
  readonly reused: number;
}

const count = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined);

/** @throws Failure BUG where the output is not compress.py's */
export function parseCompressed(stdout: string): Compressed {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const read: unknown = last.startsWith('{') ? JSON.parse(last) : undefined;
  const fields = new Map(typeof read === 'object' && read !== null ? Object.entries(read) : []);
  const [files, bytes, compressedBytes, reused] = ['files', 'bytes', 'compressedBytes', 'reused'].map((name) =>
    count(fields.get(name)),
  );
  if (files === undefined || bytes === undefined || compressedBytes === undefined || reused === undefined) {
    throw new Failure('BUG', 'bug', 'compress.py did not say what it did', { detail: stdout.slice(-500) });
  }
  return { files, bytes, compressedBytes, reused };
}

const size = (bytes: number): string =>
  bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

/** `static 312 files, 1.9 MB → 0.6 MB` */
export const describeCompressed = (done: Compressed): string =>
  done.files === 0
    ? 'no static files'
    : `static ${done.files} file${done.files === 1 ? '' : 's'}, ${size(done.bytes)} → ${size(done.compressedBytes)}`;
