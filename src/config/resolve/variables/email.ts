import type { Filler } from './context.js';
import { spellFalse } from './spelling.js';

/** Mail settings that the settings cannot do without; the backend itself is a pin's matter. */
export const email: Filler = (variable) => {
  if (!variable.required) return undefined;
  const { name, type } = variable;
  if (/URL$/.test(name)) return 'consolemail://';
  if (/PORT$/.test(name)) return '25';
  if (type === 'bool' || /USE_(TLS|SSL)$/.test(name)) return spellFalse(variable);
  if (/BACKEND$/.test(name)) return 'django.core.mail.backends.console.EmailBackend';
  if (/(HOST|SERVER)$/.test(name)) return 'localhost';
  if (/USER|PASS/.test(name)) return '';
  if (type === 'int') return '0';
  return 'noreply@localhost';
};
