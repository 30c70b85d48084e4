/** Folders that are never part of a release: version control, what tools can make again, what editors keep. */
const SKIPPED = new Set([
  '.git',
  '.hg',
  '.svn',
  '.bzr',
  'node_modules',
  '__pycache__',
  '.tox',
  '.nox',
  '.eggs',
  '.cache',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.hypothesis',
  '.ipynb_checkpoints',
  '.parcel-cache',
  '.sass-cache',
  '.idea',
  '.vscode',
  '.vs',
  '__pypackages__',
]);

const VIRTUAL_ENVIRONMENT_MARKS = ['pyvenv.cfg', 'conda-meta'];

export const isSkippedName = (name: string): boolean => SKIPPED.has(name);

/** True for the folder of a virtual environment, whatever its name; `names` are the entries in it. */
export const isVirtualEnvironment = (names: readonly string[]): boolean =>
  VIRTUAL_ENVIRONMENT_MARKS.some((mark) => names.includes(mark));

/** Files that a tool makes again at need, and the `.git` file of a submodule or linked work tree. */
export const isSkippedFile = (name: string): boolean =>
  /^\.git$|\.py[co]$|^\.DS_Store$|^Thumbs\.db$|^\.#|~$|\.sw[op]$/.test(name);
