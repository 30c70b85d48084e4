import type { Command } from '../core/command.js';
import { type Groups, type Installation, uvTool } from './uv.js';

const PDM = 'pdm==2.29.2';

/** PDM itself says what its lock means for production, as a requirements file with hashes and markers; uv installs exactly that. */
export const pdmExport = (into: Installation, output: string, wanted: Groups): Command =>
  uvTool(
    into,
    PDM,
    [],
    [
      'pdm',
      'export',
      '--prod',
      '--format',
      'requirements',
      ...[...wanted.groups, ...wanted.extras].flatMap((group) => ['--group', group]),
      '--output',
      output,
    ],
    // PDM itself needs a Python of its own to think with, not the app's, which may be too old for it.
    { PDM_CHECK_UPDATE: '0', PDM_IGNORE_SAVED_PYTHON: '1', PDM_PYTHON: into.toolPython, PDM_USE_VENV: '0' },
  );
