import { join } from 'node:path';
import type { Context } from '../../flows/context.js';
import { projectDirectory, slipwayHome } from '../places.js';
import type { Surroundings } from '../surroundings.js';
import type { Asked, Candidate, Named } from './candidates.js';

/** Nobody waits longer for a Tab. */
const PATIENCE_MS = 1500;

/** Names that only the project's state knows. Nothing where it cannot be read: a completion never complains. */
export async function ask(what: Asked, named: Named, surroundings: Surroundings): Promise<readonly Candidate[]> {
  try {
    return await answers(what, await contextOf(named, surroundings), surroundings);
  } catch {
    return [];
  }
}

async function contextOf({ project, environment }: Named, { env, cwd, userHome, host }: Surroundings): Promise<Context> {
  return {
    directory: await projectDirectory(cwd, project, undefined),
    environment: environment ?? 'local',
    home: slipwayHome(env, userHome, cwd),
    host: await host(),
    report: () => {},
    signal: AbortSignal.timeout(PATIENCE_MS),
    confirm: () => Promise.resolve(false),
  };
}

async function answers(what: Asked, context: Context, { flows }: Surroundings): Promise<readonly Candidate[]> {
  switch (what) {
    case 'environment':
      return environments((await context.host.read(join(context.directory, 'slipway.yml'))) ?? '');
    case 'release': {
      const { releases } = await flows.releases(context);
      return releases.map(({ release, current, created }) => ({ value: release, description: current ? 'live' : created }));
    }
    case 'process': {
      const { processes } = await flows.status(context);
      const names = new Set(['edge', ...processes.map((process) => process.name)]);
      return [...names].map((value) => ({ value, description: '' }));
    }
    case 'secret':
      return (await flows.secretsList(context)).secrets.map((value) => ({ value, description: '' }));
  }
}

/** Names below `environments:` of a slipway.yml that may be half written. */
async function environments(text: string): Promise<readonly Candidate[]> {
  const { parseDocument, isMap } = await import('yaml');
  const places = parseDocument(text, { logLevel: 'silent' }).get('environments');
  const names = isMap(places) ? places.items.map((item) => String(item.key)) : [];
  return [...new Set(['local', ...names])].map((value) => ({ value, description: '' }));
}
