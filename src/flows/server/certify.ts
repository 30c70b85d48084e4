import type { Reporter } from '../../core/event.js';
import { Failure, type Warning } from '../../core/failure.js';
import { acmeSteps } from '../../targets/server/certificate.js';
import type { Context } from '../context.js';
import type { Part } from './part.js';
import { run } from './site.js';

/** What came of asking an authority for a certificate. */
export interface Certified {
  /** Something on the host is not as it was. */
  readonly changed: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * The authority's certificate, where one is wanted and not there. The site answers with the one it had, at first a temporary one, where the
 * authority gives none, and says so: a name may lead elsewhere still.
 */
export async function certify({ app, release }: Pick<Part, 'app' | 'release'>, context: Context): Promise<Certified> {
  let changed = false;
  const report: Reporter = (event) => {
    changed ||= event.type === 'done';
    context.report(event);
  };
  try {
    await run(app, { ...context, report })(acmeSteps(release, app.place));
    const { tls } = app.config;
    return { changed, warnings: tls !== 'external' && tls?.staging === true ? [STAGING] : [] };
  } catch (error) {
    const failure = Failure.from(error);
    if (failure.code !== 'CERTIFICATE_NOT_ISSUED' && failure.code !== 'RENEWAL_REFUSED') throw error;
    const said = failure.detail
      ?.trimEnd()
      .split('\n')
      .find((line) => /^\s*(Detail|An unexpected error|\S*Error)\b/.test(line));
    const why = said === undefined ? '' : ` (${said.trim()})`;
    return { changed, warnings: [{ code: 'certificate', message: `${failure.message}${why}`, hint: failure.hint ?? '' }] };
  }
}

const STAGING: Warning = {
  code: 'certificate-staging',
  message: 'The certificate is one of the staging authority, which no browser trusts',
  hint: 'take `staging` out of tls in slipway.yml when all is well, and deploy again',
};
