import { execFileSync } from 'node:child_process';

/** Without optional locks: git would otherwise write its index. */
function git(checkout: string, ...words: string[]): string | undefined {
  try {
    const argv = ['--no-optional-locks', '-C', checkout, ...words];
    return execFileSync('git', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 }).trimEnd();
  } catch {
    return undefined;
  }
}

export const commitOf = (checkout: string): string | null => git(checkout, 'rev-parse', 'HEAD') ?? null;

/** Where a checkout is not what its commit says. */
export function incomplete(checkout: string): string[] {
  const lines = git(checkout, 'status', '--porcelain', '--untracked-files=no')?.split('\n') ?? [];
  const named = (kind: string): string[] => lines.filter((line) => line.slice(0, 2).includes(kind)).map((line) => line.slice(3));
  const say = (words: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`the checkout ${words} ${names.length} files of its commit: ${names.slice(0, 3).join(', ')}`];
  return [...say('lacks', named('D')), ...say('has a stand-in for', named('M'))];
}
