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

/**
 * Whether PDM can say of a lock what is for production. Locks of before 2.11 do not note it, and it refuses to export them.
 * https://pdm-project.org/latest/usage/lockfile/#inherit-the-metadata-from-parents
 */
export const isExportable = (lock: string): boolean => /^strategy\s*=\s*\[[^\]]*["']inherit_metadata["']/m.test(lock);

/** The versions of a lock as constraints: a distribution that is locked at two, each for other machines, is left open. */
export function pdmConstraints(lock: string): string {
  const versions = new Map<string, Set<string>>();
  for (const [block] of lock.matchAll(/^\[\[package\]\]\n(?:(?!\[).*\n?)*/gm)) {
    const [name, version] = ['name', 'version'].map((key) => new RegExp(`^${key}\\s*=\\s*"([^"]+)"`, 'm').exec(block)?.[1]);
    if (name !== undefined && version !== undefined) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  const single = [...versions].flatMap(([name, [version, ...others]]) => (others.length === 0 ? [`${name}==${version}`] : []));
  return `${single.join('\n')}\n`;
}
