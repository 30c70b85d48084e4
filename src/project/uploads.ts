import { type Found, found } from '../core/found.js';
import type { Outcome } from './settings/outcome.js';

/** Settings in which the storage of uploads is named, in the words of Django 4.2 and of those before. */
const STORAGE = /^(STORAGES\.default\.BACKEND|DEFAULT_FILE_STORAGE)$/;

/** That uploads are kept in a folder (MEDIA_ROOT) rather than elsewhere or not at all, as far as reading the settings tells. */
export function uploadsFolder({ settings, texts }: Outcome): Found<'MEDIA_ROOT'> | undefined {
  const root = settings.get('MEDIA_ROOT');
  if (root === undefined || root.value === '') return undefined;
  const storages = texts.filter(({ setting, certainty }) => STORAGE.test(setting) && certainty === 'sure');
  const isElsewhere =
    storages.length > 0 && !storages.some(({ value }) => /^django\.core\.files\.storage\b|FileSystem/.test(value));
  return isElsewhere ? undefined : found('MEDIA_ROOT', root.from);
}
