import type { Response } from '../core/command.js';

export interface Readiness {
  readonly ready: boolean;
  readonly release: string;
  /** What runs in the app's process beside its requests: names of threads and timers. */
  readonly background: readonly string[];
  /** Seconds since the process that answers was made, where it says so. */
  readonly age?: number;
}

const NOTHING: Readiness = { ready: false, release: '', background: [] };

/** Reads an answer of `/-/health/ready`; no answer is not ready. */
export function isReleaseReady(response: Response | undefined): Readiness {
  if (response === undefined) return NOTHING;
  try {
    const body: unknown = JSON.parse(response.body);
    if (typeof body !== 'object' || body === null) return NOTHING;
    return {
      ready: response.status === 200,
      release: 'release' in body ? String(body.release) : '',
      background: 'background' in body && Array.isArray(body.background) ? body.background.map(String) : [],
      ...('age' in body && typeof body.age === 'number' ? { age: body.age } : {}),
    };
  } catch {
    return NOTHING;
  }
}
