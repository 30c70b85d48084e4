import { relative } from 'node:path';
import { quote } from '../core/command.js';

/** Makes command lines that mean this folder and this environment when copied into the shell that is in `cwd`. */
export function againFrom(cwd: string, directory: string, environment: string): (words: string) => string {
  const below = relative(cwd, directory);
  const shorter = below.startsWith('..') ? directory : below;
  const where = below === '' ? '' : ` -C ${quote(shorter)}`;
  const which = environment === 'local' ? '' : ` -e ${environment}`;
  return (words) => `slipway ${words}${where}${which}`;
}
