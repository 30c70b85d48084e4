import { type Rule, spaced } from './told.js';

/** What is wrong with the files of the project, or with the disk. */
export const REQUIREMENT_RULES: readonly Rule[] = [
  {
    pattern: /No space left on device|os error 28/,
    tell: () => ({ code: 'DISK_FULL', kind: 'environment', message: 'The disk is full', hint: 'df -h; uv cache clean' }),
  },
  {
    pattern: /Hash mismatch for `([^`]+)`|DO NOT MATCH THE HASHES[^\n]*\n\s*([^\s]+) from/,
    tell: ([uv, pip]) => ({
      code: 'HASH_MISMATCH',
      kind: 'project',
      package: spaced(uv ?? pip ?? ''),
      message: `${spaced(uv ?? pip ?? 'A package')} is not the file whose hash the project recorded`,
      hint: 'Lock again only if you know why it changed; otherwise someone may have changed the package',
    }),
  },
  {
    pattern:
      /require-hashes[^\n]*none were provided for: (\S+)|Hashes are required in --require-hashes mode[^\n]*\n\s*(\S+)|In `--require-hashes` mode, all requirements must [^\n]*?: (\S+)/i,
    tell: ([a, b, c]) => ({
      code: 'HASH_MISSING',
      kind: 'project',
      package: spaced(a ?? b ?? c ?? ''),
      message: `Some requirements have hashes and ${spaced(a ?? b ?? c ?? 'one')} has none: all must have them, or none`,
      hint: 'pip-compile --generate-hashes',
    }),
  },
  {
    pattern:
      /pyproject\.toml changed significantly since poetry\.lock|Lock file hash doesn't match|lock ?file[^\n]*(?:out of date|outdated|out-of-date)|lockfile needs to be updated/i,
    tell: () => ({
      code: 'LOCK_STALE',
      kind: 'project',
      fallback: { staleLock: true },
      message: 'The lock file is older than the dependencies it is for',
      hint: 'Lock again and commit it: poetry lock, pdm lock, uv lock or pipenv lock',
    }),
  },
  {
    pattern: /Required uv version `([^`]+)` does not match/,
    tell: ([version = '']) => ({
      code: 'UV_VERSION',
      kind: 'project',
      fallback: { uv: /^\d/.test(version) ? `==${version}` : version },
      message: `The project demands uv ${version}`,
      hint: 'Loosen required-version in [tool.uv] or uv.toml',
    }),
  },
  {
    pattern:
      /Couldn't parse requirement in `([^`]+)`[^\n]*\n[^\n]*\n\s*([^\n]*)|Invalid requirement: '([^']*)' \(from (line \d+ of [^)]+)\)|Invalid requirement: '?([^'\n]*)'?/,
    tell: ([file, line, text, where, other]) => ({
      code: 'REQUIREMENTS_INVALID',
      kind: 'project',
      message: `${file ?? where ?? 'A requirements file'} has a line that is no requirement: ${(line ?? text ?? other ?? '').trim()}`,
      hint: 'Mend or remove that line',
    }),
  },
  {
    pattern: /File not found: `?([^\n`]+?)`?\n|Could not open (?:requirements|constraints) file: [^\n]*'([^']+)'/,
    tell: ([uv, pip]) => ({
      code: 'REQUIREMENTS_INVALID',
      kind: 'project',
      missing: uv ?? pip ?? '',
      message: `The requirements name a file that is not there: ${uv ?? pip}`,
      hint: 'Commit that file, or remove the line that names it',
    }),
  },
  {
    pattern: /Unexpected '-', expected '-c'|unexpected option|--(?:global|install)-option/i,
    tell: () => ({
      code: 'REQUIREMENTS_INVALID',
      kind: 'project',
      fallback: { installer: 'pip' },
      message: 'A requirements file uses an option that only pip knows',
      hint: 'Remove the option',
    }),
  },
];
