import { authorityCertificate } from '../targets/local/layout.js';
import type { App } from './app.js';
import type { LocalRelease } from './release-record.js';
import type { UpResult } from './results.js';

/** What is told of a live release, by whatever made it live. */
export const liveResult = (app: App, release: LocalRelease): Omit<UpResult, 'changed' | 'seconds' | 'warnings'> => ({
  app: release.app,
  environment: app.environment,
  release: release.version,
  url: `https://${release.domains[0]}${release.options.httpsPort === 443 ? '' : `:${release.options.httpsPort}`}/`,
  ca: authorityCertificate(app.at.home),
});
