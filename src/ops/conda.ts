import type { Warning } from '../core/failure.js';

/** Names that differ between conda-forge and PyPI; all others are tried as they are. */
const ON_PYPI: Readonly<Record<string, string>> = {
  'psycopg2-binary': 'psycopg2-binary',
  psycopg2: 'psycopg2-binary',
  beautifulsoup4: 'beautifulsoup4',
  bs4: 'beautifulsoup4',
  'matplotlib-base': 'matplotlib',
  'dask-core': 'dask',
  jpype1: 'JPype1',
  'redis-py': 'redis',
  pyyaml: 'PyYAML',
  pillow: 'Pillow',
  importlib_metadata: 'importlib-metadata',
  'msgpack-python': 'msgpack',
  'python-dateutil': 'python-dateutil',
  pytables: 'tables',
  opencv: 'opencv-python-headless',
  'py-opencv': 'opencv-python-headless',
  pytorch: 'torch',
  'pytorch-cpu': 'torch',
  'mysql-connector-python': 'mysql-connector-python',
  geos: '',
  gdal: 'GDAL',
  ruamel_yaml: 'ruamel.yaml',
  snappy: '',
};

/** Not Python distributions: they come from the system here. */
const NOT_PYTHON = new Set([
  'python',
  'pip',
  'setuptools',
  'wheel',
  'nodejs',
  'postgresql',
  'redis',
  'redis-server',
  'nginx',
  'libpq',
  'openssl',
  'ca-certificates',
  'sqlite',
  'git',
  'gcc',
  'make',
  'cmake',
  'zlib',
  'readline',
  'tk',
  'xz',
  'ncurses',
  'libffi',
  'bzip2',
  'proj',
  'libgcc-ng',
  'libstdcxx-ng',
  'geos',
  'snappy',
  'mkl',
]);

export interface CondaRequirements {
  readonly requirements: readonly string[];
  readonly warnings: readonly Warning[];
}

/** `numpy=1.26`, `numpy==1.26.4=py312h1`, `numpy>=1.20`, `conda-forge::numpy` → a requirement of PyPI, or undefined where it is none. */
function fromConda(entry: string): string | undefined {
  const [, name = '', rest = ''] = /^(?:[\w./-]+::)?([\w.-]+)\s*(.*)$/.exec(entry) ?? [];
  if (name === '' || NOT_PYTHON.has(name.toLowerCase()) || name.startsWith('_') || /^(lib|ld_impl)/.test(name)) return undefined;
  const distribution = ON_PYPI[name.toLowerCase()] ?? name;
  const version = rest.trim().replace(/\s+[\w.*]+$/, '');
  if (version === '') return distribution;
  // One `=` is "starts with" in conda's language; a second `=part` is the build, which means nothing here.
  const [, fuzzy, exact] = /^=(?!=)\s*([\w.!+]+?)(?:\.\*)?(=.+)?$/.exec(version) ?? [];
  if (fuzzy !== undefined) return exact === undefined ? `${distribution}==${fuzzy}.*` : `${distribution}==${fuzzy}`;
  return `${distribution}${version.replace(/^(==[\w.!+]+)=.*$/, '$1').replaceAll(' ', '')}`;
}

const unquote = (word: string): string =>
  word
    .replace(/\s+#.*$/, '')
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2');

/**
 * The packages of an environment.yml, as requirements of PyPI: the pip section as it stands, conda's names translated where they differ.
 * Libraries and programs that are not Python are left out. A warning says that versions are not those conda would have taken.
 *
 * @param yaml content of the file; `file` names it in warnings.
 */
export function condaRequirements(yaml: string, file = 'environment.yml'): CondaRequirements {
  const requirements: string[] = [];
  const left: string[] = [];
  let section = '';
  let pipIndent = -1;
  for (const line of yaml.split('\n').map((raw) => raw.replace(/\r$/, ''))) {
    if (/^\s*(#|$)/.test(line)) continue;
    const key = /^([\w-]+):/.exec(line)?.[1];
    if (key !== undefined) {
      section = key;
      pipIndent = -1;
      continue;
    }
    const item = /^(\s*)-\s+(.*)$/.exec(line);
    if (section !== 'dependencies' || item === null) continue;
    const [, space = '', raw = ''] = item;
    const entry = unquote(raw);
    if (pipIndent >= 0 && space.length <= pipIndent) pipIndent = -1;
    if (entry === 'pip:') pipIndent = space.length;
    else if (pipIndent >= 0) requirements.push(entry);
    else {
      const requirement = fromConda(entry);
      if (requirement === undefined) left.push(entry);
      else requirements.push(requirement);
    }
  }
  const message = `${file} is written for conda; its packages are taken from PyPI here${left.length > 0 ? `, without ${left.join(', ')}` : ''}`;
  return {
    requirements,
    warnings: [{ code: 'conda-from-pypi', message, hint: 'Lock them for PyPI once: uv pip compile, or a requirements.txt' }],
  };
}
