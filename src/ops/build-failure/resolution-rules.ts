import { type Rule, sentence, spaced, tooNew } from './told.js';

/** Why no set of versions goes together. */
export const RESOLUTION_RULES: readonly Rule[] = [
  {
    pattern:
      /Because (\S+) was not found in the package registry|\(from versions: none\)[\s\S]*?No matching distribution found for (\S+)/,
    tell: ([uv, pip]) => ({
      code: 'NO_SUCH_PACKAGE',
      kind: 'project',
      package: spaced(uv ?? pip ?? ''),
      message: `The package index has no package ${spaced(uv ?? pip ?? '')}`,
      hint: 'Mend its name in the requirements, or name the index it is on:  --extra-index-url https://…',
    }),
  },
  {
    pattern: /\((\d+\.\d+[\d.]*)\) does not satisfy Python(\S+) and (\S+) depends on/,
    tell: ([python = '', range = '', name = '']) => ({
      code: 'PYTHON_TOO_OLD',
      kind: 'project',
      package: spaced(name),
      message: `${spaced(name)} needs Python ${range.replace(/,$/, '')}, and this is ${python}`,
      hint: `Name a Python that all dependencies run on, in .python-version or in slipway.yml:  python: "3.12"`,
    }),
  },
  {
    pattern:
      /(\S+) has no wheels with a matching Python (?:ABI|version|implementation) tag|no wheels? (?:with|for)[^\n]*?(\S+==\S+)/,
    tell: ([uv, other]) => ({ ...tooNew(spaced(uv ?? other ?? '')), package: spaced(uv ?? other ?? '') }),
  },
  {
    pattern:
      /Because there (?:is|are) no versions? of (\S+?)(?:,| and you require)|Could not find a version that satisfies the requirement (\S+)/,
    tell: ([uv, pip]) => ({
      code: 'NO_MATCHING_VERSION',
      kind: 'project',
      package: spaced(uv ?? pip ?? ''),
      message: `The package index has no ${spaced(uv ?? pip ?? '')} that this Python can install`,
      hint: 'Mend the version in the requirements',
    }),
  },
  {
    pattern:
      /No solution found when resolving[^\n]*\n([\s\S]*?)(?:\n\n|\nhint|$)|Cannot install ([^\n]+?) because these package versions have conflicting/,
    tell: ([uv, pip]) => ({
      code: 'CONFLICT',
      kind: 'project',
      package: '',
      message: `The requirements contradict each other: ${sentence(uv ?? pip ?? '')}`,
      hint: 'Loosen or change one of them, and lock again',
    }),
  },
];
