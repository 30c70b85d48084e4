import { createHash } from 'node:crypto';
import type { Warning } from '../core/failure.js';
import type { Evidence } from '../findings/evidence.js';
import { findAll } from '../findings/find.js';
import { acquireLock } from '../hosts/lock.js';
import { fingerprint } from '../project/fingerprint.js';
import { openApp } from './app.js';
import { checkApp, sharedFingerprint } from './check-app.js';
import { describeDetected } from './check-describe.js';
import { gatherEvidence } from './check-evidence.js';
import type { Context } from './context.js';
import { decideForLook } from './decide.js';
import { runtimeHash, VERSION } from './package-files.js';
import type { CheckResult, Override } from './results.js';
import { withWorkFolder } from './temp-folder.js';
import { readJson } from './toolbox.js';

/** What was gathered, and what goes with it. */
export interface Gathered {
  readonly app: string;
  readonly evidence: Evidence;
  readonly overrides: readonly Override[];
  readonly warnings: readonly Warning[];
}

/** Raised when the kept answer's shape or what it is gathered from changes. */
const FORMAT = 4;
const LOCK_SECONDS = 900;

/**
 * What was detected, what is wrong for production and what `up` would hold. Runs no service, changes nothing of a running release, and writes
 * nothing into the project. What it gathered is kept and used again while nothing it depends on has changed.
 * Any environment of slipway.yml will do: one that is elsewhere is judged by its own keys and names, and not reached.
 * @throws Failure of the static pass (PROJECT_NONE, PROJECT_SEVERAL, SETTINGS_NONE) or of slipway.yml; all later ones become findings
 */
export async function check(context: Context, today: Date = new Date()): Promise<CheckResult> {
  const real = await openApp(context);
  const app = await checkApp(real);
  const unlock = await acquireLock(`${app.at.state}/lock`, {
    command: 'check',
    waitSeconds: LOCK_SECONDS,
    signal: context.signal,
    onWait: ({ pid }) =>
      context.report({ type: 'note', message: `waiting for another \`slipway check\` of this project (process ${pid})` }),
  });
  try {
    const looked = await decideForLook(app);
    const tree = await fingerprint(app.root, sharedFingerprint(real));
    const cache = `${app.at.state}/evidence.json`;
    const key = hash([
      FORMAT,
      VERSION,
      runtimeHash(),
      app.root,
      tree.fingerprint,
      tree.commit ?? '',
      looked,
      await app.secrets.list(),
    ]);
    const known = await readJson(app.host, cache);
    const gathered =
      isKept(known) && known.key === key && isWhole(known.gathered)
        ? known.gathered
        : await withWorkFolder(app, (working) => gatherEvidence({ context, real, app: working, looked, tree }));
    await app.host.write(cache, JSON.stringify({ key, gathered }), 0o600);
    return {
      app: gathered.app,
      project: describeDetected(gathered.evidence),
      findings: findAll(gathered.evidence, today.toISOString().slice(0, 10)),
      overrides: gathered.overrides,
      warnings: gathered.warnings,
    };
  } finally {
    await unlock();
  }
}

/** What stood in the way may be gone the next time: a package index, a compiler. */
const isWhole = ({ evidence }: Gathered): boolean => evidence.failure === undefined && evidence.own !== undefined;

const hash = (parts: unknown): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const isKept = (value: unknown): value is { key: string; gathered: Gathered } =>
  typeof value === 'object' && value !== null && 'key' in value && 'gathered' in value;
