import type { Interpreter } from '../../src/ops/interpreters.js';

/** A whole CPython below /opt, as a host tells of it. */
export const interpreter = (version: string, more: Partial<Interpreter> = {}): Interpreter => ({
  path: `/opt/${version}/bin/python3`,
  version,
  implementation: 'cpython',
  venv: true,
  headers: true,
  lacks: [],
  freeThreaded: false,
  ...more,
});
