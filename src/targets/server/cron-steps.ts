import type { Step } from '../../core/plan.js';
import { releaseFiles } from './layout.js';
import type { ServerHost, ServerRelease } from './options.js';
import { launchStep } from './release-files.js';

/** How each of the release's jobs is started; where beats run. Their units are written and handed over at the switch. */
export const cronLaunchSteps = (release: ServerRelease, host: ServerHost): Step[] =>
  host.roles.includes('beat')
    ? (release.cron ?? []).map(({ name, argv }) =>
        launchStep(release, host, name, argv, {}, releaseFiles(release.options.layout, release.version).cron),
      )
    : [];
