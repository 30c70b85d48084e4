import { type SecretRef, secret } from '../../../core/command.js';
import type { Variable } from '../../../core/project.js';

/** A secret that is made once and kept. `key`: 50 characters or more; `fernet`: 32 bytes in URL-safe base64, as `cryptography` wants them. */
export interface SecretWish {
  readonly name: string;
  readonly shape: 'key' | 'fernet';
}

export const DJANGO_KEY = 'SECRET_KEY';

/** The project's one Django key has one name, whatever its variable is called; every other key is a secret of its own. */
export function secretOf(variable: Variable): { readonly value: SecretRef; readonly wish: SecretWish } | undefined {
  if (/FERNET|FIELD_ENCRYPTION|ENCRYPTION_KEY/.test(variable.name)) return made(variable.name, 'fernet');
  if (variable.meaning !== 'secret-key') return undefined;
  const django =
    variable.setting === undefined
      ? /^(DJANGO_|APP_|SITE_)?SECRET(_KEY)?$/.test(variable.name)
      : variable.setting === 'SECRET_KEY';
  return made(django ? DJANGO_KEY : variable.name, 'key');
}

function made(name: string, shape: SecretWish['shape']): { value: SecretRef; wish: SecretWish } {
  return { value: secret(name), wish: { name, shape } };
}
