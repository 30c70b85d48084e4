import type { Variable } from '../../../core/project.js';
import type { Paths } from '../input.js';
import { spellFalse, spellList } from './spelling.js';

/** Something of the right type for a name whose value nobody here can know. It says what it is wherever it turns up. */
export function placeholder(variable: Variable, paths: Paths): string {
  switch (variable.type) {
    case 'bool':
      return spellFalse(variable);
    case 'int':
      return /SIZE|MAX|LIMIT|COUNT|WORKERS|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|_ID$|PORT/.test(variable.name) ? '1' : '0';
    case 'json':
      return '{}';
    case 'list':
      return variable.separator === ' ' || variable.separator === undefined ? '' : spellList(variable, [text(variable.name)]);
    case 'path':
      return `${paths.data}/${variable.name.toLowerCase()}`;
    case 'url':
      return 'https://placeholder.invalid';
    default:
      return text(variable.name);
  }
}

function text(name: string): string {
  // An error tracker parses its address when it starts, and is off without one.
  if (/DSN$/.test(name)) return '';
  if (/E?MAIL(_ADDRESS)?$|_FROM$/.test(name)) return 'noreply@localhost';
  if (/UR[LI]$|ENDPOINT$/.test(name)) return 'https://placeholder.invalid';
  if (/DOMAIN$|HOST$/.test(name)) return 'placeholder.invalid';
  return `slipway-placeholder-${name}`;
}
