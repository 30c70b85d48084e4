import type { Release } from '../core/release.js';

/** What of a release runs, in a few words: `web ×2 (gunicorn) · worker · beat`. */
export const describeProcesses = ({ web, processes }: Pick<Release, 'web' | 'processes'>): string =>
  [`web ×${web.workers} (${web.server})`, ...processes.map(({ name, scale }) => (scale > 1 ? `${name} ×${scale}` : name))].join(
    ' · ',
  );
