import { isLocal } from '../origin.js';
import { type PinContext, text } from './context.js';
import { withoutHost } from './url-path.js';

/** A setting's URL. On this machine nobody has put this release's files on another host: its path is served here. */
export const ownUrl = (context: PinContext, name: string): string => {
  const url = text(context, name);
  return isLocal(context.place) ? withoutHost(url) : url;
};
