import { django, entries, isDict, type PinContext, text, value } from './context.js';

/** The dotted path of the storage class behind an alias; undefined where the settings define none. */
export function storageBackend(context: PinContext, alias: 'default' | 'staticfiles'): string | undefined {
  const [, entry] = entries(value(context, 'STORAGES')).find(([name]) => name === alias) ?? [];
  const old = text(context, alias === 'default' ? 'DEFAULT_FILE_STORAGE' : 'STATICFILES_STORAGE');
  const modern = isDict(entry) && typeof entry['BACKEND'] === 'string' ? entry['BACKEND'] : undefined;
  if (django(context, '5.1')) return modern;
  return (
    (context.facts.settings[alias === 'default' ? 'DEFAULT_FILE_STORAGE' : 'STATICFILES_STORAGE']?.explicit
      ? old
      : (modern ?? old)) || undefined
  );
}

export const FILE_SYSTEM = 'django.core.files.storage.FileSystemStorage';

/** True where uploads go to a folder of this host, rather than to a bucket somewhere. */
export function keepsUploadsHere(context: PinContext): boolean {
  const backend = storageBackend(context, 'default');
  return backend === undefined || /^django\.core\.files\.storage\b/.test(backend) || /FileSystem/.test(backend);
}
