import type { Pin } from '../../../core/pin.js';
import { type Area, folderType, hold, isExplicit, merge, type PinContext, text } from './context.js';
import { ownUrl } from './own-url.js';
import { usesStorages } from './static.js';
import { FILE_SYSTEM, keepsUploadsHere, storageBackend } from './storages.js';
import { servedPath } from './url-path.js';

/** Uploads in a folder that outlives releases. */
export function media(context: PinContext): Area {
  const missing = usesStorages(context) && isExplicit(context, 'STORAGES') && storageBackend(context, 'default') === undefined;
  const added = merge(
    'STORAGES',
    { default: { BACKEND: FILE_SYSTEM } },
    'STORAGES names no `default`, and the first upload would fail',
  );
  return { pins: [...(missing ? [added] : []), ...folder(context), ...incoming(context)] };
}

function folder(context: PinContext): Pin[] {
  if (!keepsUploadsHere(context)) return [];
  const known = text(context, 'MEDIA_URL');
  const served = servedPath(ownUrl(context, 'MEDIA_URL'), '/media/');
  const url = served === servedPath(ownUrl(context, 'STATIC_URL'), '/static/') ? '/media/' : served;
  return [
    hold('MEDIA_ROOT', context.place.paths.media, 'uploads outlive a release', folderType(context, 'MEDIA_ROOT')),
    ...(url === known ? [] : [hold('MEDIA_URL', url, 'the edge serves uploads below a path of their own', 'str')]),
  ];
}

function incoming(context: PinContext): Pin[] {
  const reason = 'a large upload is moved into place, not copied';
  return [hold('FILE_UPLOAD_TEMP_DIR', context.place.paths.temp, reason, folderType(context, 'FILE_UPLOAD_TEMP_DIR'))];
}
