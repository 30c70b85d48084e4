import type { Warning } from '../core/failure.js';
import type { Host } from '../core/host.js';
import type { Project } from '../core/project.js';
import { type MissingNative, nativeQuery, parseNatives } from '../ops/natives.js';

/**
 * Programs that the app starts while it runs and that the machine it runs on lacks: the site is up without them, and what needs them fails later.
 * @param installed waits for what may bring some of them
 */
export async function missingPrograms(
  runner: Host,
  { natives }: Pick<Project, 'natives'>,
  installed: () => Promise<void> = async () => {},
): Promise<Warning[]> {
  const needs = natives.filter(({ when, probe }) => when === 'run' && 'program' in probe);
  if (needs.length === 0) return [];
  await installed();
  const missing = parseNatives((await runner.exec(nativeQuery(needs))).stdout, needs);
  const once = missing.filter((one, at) => missing.findIndex((other) => other.missing === one.missing) === at);
  return once.map(warning);
}

const warning = ({ need, missing, packages, install }: MissingNative): Warning => ({
  code: 'program-missing',
  message: `${need.wantedBy} starts ${missing}, which this machine does not have`,
  ...(packages.length === 0 ? {} : { hint: install }),
});
