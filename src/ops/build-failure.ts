import { Failure } from '../core/failure.js';
import { NATIVE_RULES } from './build-failure/native-rules.js';
import { NETWORK_RULES, unreachable } from './build-failure/network-rules.js';
import { OLD_BUILD_RULES } from './build-failure/old-build-rules.js';
import { REQUIREMENT_RULES } from './build-failure/requirement-rules.js';
import { RESOLUTION_RULES } from './build-failure/resolution-rules.js';
import { type BuildFailure, bare, type Fallback, spaced, withoutLogin } from './build-failure/told.js';

export type { BuildFailure, BuildFailureCode, Fallback } from './build-failure/told.js';

/** In order: what is certain first, what may be a consequence of something else last. */
const RULES = [...REQUIREMENT_RULES, ...NETWORK_RULES, ...OLD_BUILD_RULES, ...RESOLUTION_RULES, ...NATIVE_RULES];

const PACKAGE = [
  /Failed to (?:build|download and build|download|fetch|prepare)[^`\n]*`([^`\n]+)`/,
  /error in (\S+) setup command/,
  /(?:Failed building wheel for|Could not build wheels for) ([\w.-]+)/,
  /Failed to build(?: installable wheels for some pyproject\.toml based projects \()? ?([\w.-]+)/,
  /Collecting ([^\s(]+)(?![\s\S]*\n\s*Collecting )/,
];

function packageOf(output: string): string | undefined {
  for (const pattern of PACKAGE) {
    const name = pattern.exec(output)?.[1];
    if (name !== undefined) return spaced(name);
  }
  return undefined;
}

const NOISE =
  /^\s*(?:$|!!|\*{8,}|warning: no (?:previously|files)|(?:running|copying|creating|writing|adding|reading) )|Deprecat|File "<string>"|^\s*\^+\s*$|(?:Downloading|Downloaded|Building|Using Python|Looking in)/;
const KEPT = 15;

/** The lines that matter: those around the one that was recognised, else the last ones; without passwords. */
function excerpt(output: string, at: number): string {
  const upto = output.slice(0, at).split('\n').length + 5;
  const lines = output.split('\n').slice(0, at < 0 ? undefined : upto);
  return withoutLogin(
    lines
      .filter((line) => !NOISE.test(line))
      .slice(-KEPT)
      .map((line) => line.slice(0, 240))
      .join('\n'),
  );
}

/**
 * Why dependencies could not be installed, read from what uv, pip or a manager said. Always an answer: `BUILD_FAILED` where nothing is recognised.
 *
 * @param output both streams of the installer.
 */
export function explainBuildFailure(output: string): BuildFailure {
  const named = packageOf(output);
  for (const { pattern, tell } of RULES) {
    const match = pattern.exec(output);
    if (match === null) continue;
    const groups: readonly string[] = match.slice(1);
    const told = tell(groups, named ?? 'A dependency');
    if (told === undefined) continue;
    const { package: own, ...rest } = told;
    const name = own ?? named;
    return {
      ...rest,
      ...(name === undefined || name === '' ? {} : { package: name }),
      detail: excerpt(output, match.index + match[0].length),
    };
  }
  return {
    code: 'BUILD_FAILED',
    kind: 'environment',
    ...(named === undefined ? {} : { package: named }),
    message: `${named ?? 'A dependency'} could not be installed`,
    hint:
      named === undefined
        ? 'Read what the installer said, below'
        : `Move to a version of ${bare(named)} that is published as a wheel for this Python`,
    detail: excerpt(output, -1),
  };
}

/** The same as the Failure that ends the run. */
export const buildFailure = (why: BuildFailure): Failure =>
  new Failure(why.code, why.kind, why.message, { hint: why.hint, detail: why.detail });

/** Codes of the steps whose output an installer wrote. */
const INSTALLING = new Set(['DEPENDENCIES_FAILED', 'ADDITIONS_FAILED', 'TOOLBOX_FAILED']);

export interface Explained {
  readonly failure: Failure;
  /** Worth one more try with this. */
  readonly fallback?: Fallback;
  /** Why in parts, where it was an installation that failed. */
  readonly why?: BuildFailure;
}

/**
 * What to show in place of a failed step's own Failure, and what to try before showing it. A Failure of anything but an installation comes back as
 * it is. Where what Slipway adds contradicts the project's pins, the code is ADDITIONS_CONFLICT and the message names both.
 */
export function explainInstallation(failed: Failure): Explained {
  if (!INSTALLING.has(failed.code)) return { failure: failed };
  const why = explainBuildFailure(failed.detail ?? '');
  if (failed.code === 'TOOLBOX_FAILED' && ['NO_MATCHING_VERSION', 'NO_SUCH_PACKAGE'].includes(why.code)) {
    // pip says the same of an index that does not answer and of one that has no such file.
    const message = `The package index does not answer, or has no ${why.package} for this machine`;
    return {
      failure: new Failure('INDEX_UNREACHABLE', 'environment', message, { hint: unreachable('').hint, detail: why.detail }),
    };
  }
  if (failed.code === 'ADDITIONS_FAILED' && why.code === 'CONFLICT') {
    const message = `What Slipway adds does not go with the versions the project has pinned: ${why.message.replace(/^[^:]*: /, '')}`;
    return {
      failure: new Failure('ADDITIONS_CONFLICT', 'project', message, {
        hint: 'Let the pin go, or pin a server version that fits it yourself',
        detail: why.detail,
      }),
    };
  }
  return { failure: buildFailure(why), why, ...(why.fallback === undefined ? {} : { fallback: why.fallback }) };
}
