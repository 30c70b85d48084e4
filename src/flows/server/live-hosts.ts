import { basename } from 'node:path';
import { Failure } from '../../core/failure.js';
import { stateFiles } from '../../targets/server/layout.js';
import type { ServerApp } from './app.js';

/** The failure of a deployment to several hosts, with what is live on each of them now. */
export async function withLiveHosts(error: unknown, apps: readonly ServerApp[]): Promise<Failure> {
  const failure = Failure.from(error);
  if (apps.length < 2) return failure;
  const lines = await Promise.all(apps.map(async (app) => `  ${app.place.name}   ${await liveOn(app)}`));
  const detail = [...(failure.detail === undefined ? [] : [failure.detail.trimEnd(), '']), 'live now:', ...lines].join('\n');
  return new Failure(failure.code, failure.kind, failure.message, {
    detail,
    cause: failure,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(failure.wants === undefined ? {} : { wants: failure.wants }),
  });
}

async function liveOn({ system, at }: ServerApp): Promise<string> {
  try {
    const target = await system.readLink(stateFiles(at).live);
    return target === undefined ? 'no release' : `release ${basename(target)}`;
  } catch (error) {
    return `not known: ${Failure.from(error).message}`;
  }
}
