export interface DrainArgs {
  /** Any Python 3.6 or newer. */
  readonly python: string;
  /** Absolute path of drain.py. */
  readonly tool: string;
  readonly supervisorSocket: string;
  /** The release's group. */
  readonly group: string;
  /** The drain's own group. */
  readonly self: string;
  /** The symlink that says what is live, and what it points to when that is this release: a release's folder or its socket. */
  readonly live: string;
  readonly own: string;
  /** As the server has bound it, letter by letter. */
  readonly webSocket: string;
  readonly flag: string;
  /** The folder of the groups' files. */
  readonly programs: string;
  readonly limitSeconds: number;
}

/** The one-shot program that lets a replaced release finish and then ends it: `python/slipway_tools/drain.py`. */
export const drainArgv = (args: DrainArgs): string[] => [
  ...[args.python, '-I', '-S', args.tool],
  ...['--supervisor', args.supervisorSocket, '--group', args.group, '--self', args.self],
  ...['--live', args.live, '--own', args.own, '--web-socket', args.webSocket, '--flag', args.flag],
  ...['--programs', args.programs, '--limit', String(args.limitSeconds)],
];
