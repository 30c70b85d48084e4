import type { Command } from '../core/command.js';
import { cmd } from '../core/command.js';

/** What a machine has for building front ends: version of Node, and which managers are on PATH. */
export interface FrontendTools {
  readonly node?: string;
  readonly managers: readonly string[];
}

const QUERY = `node --version 2>/dev/null || echo none; for name in npm npx yarn pnpm bun; do command -v "$name" >/dev/null 2>&1 && echo "$name"; done; exit 0`;

export const frontendQuery = (): Command => ({ ...cmd('sh', '-c', QUERY), timeoutSeconds: 20 });

export function parseFrontendTools(stdout: string): FrontendTools {
  const [version = '', ...managers] = stdout.trim().split('\n');
  return { managers, ...(version.startsWith('v') ? { node: version.slice(1) } : {}) };
}
