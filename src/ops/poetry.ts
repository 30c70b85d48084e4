import type { Command } from '../core/command.js';
import { type Groups, type Installation, uvTool } from './uv.js';

/** Reads every lock file since Poetry 1.0. */
const POETRY = 'poetry==2.5.1';
const EXPORT = 'poetry-plugin-export==1.10.0';

/**
 * Poetry itself says what its lock means for production; uv then installs exactly that, from the indexes this machine uses (Poetry knows
 * nothing of pip's settings). The result is a requirements file with hashes and markers.
 */
export const poetryExport = (into: Installation, output: string, wanted: Groups): Command =>
  uvTool(
    into,
    POETRY,
    [EXPORT],
    [
      'poetry',
      'export',
      '--no-interaction',
      '--no-ansi',
      '--only',
      ['main', ...wanted.groups].join(','),
      ...wanted.extras.flatMap((extra) => ['--extras', extra]),
      '--output',
      output,
    ],
    { POETRY_VIRTUALENVS_CREATE: 'false', POETRY_WARNINGS_EXPORT: 'false' },
  );

/** From here on Poetry takes the lock of the copy as belonging to its manifest. A stale one is what people deploy with: Poetry itself warned, until 1.8. */
export const poetryTakeLock = (into: Installation): Command =>
  uvTool(into, POETRY, [EXPORT], ['python', `${into.scripts}/poetry_lock.py`], { POETRY_VIRTUALENVS_CREATE: 'false' });
