import { execFileSync } from 'node:child_process';

/** How the tests run servers: as another user when they are root, else as themselves. */
export const isRoot = process.getuid?.() === 0;

export const hasUser = (name: string): boolean => {
  try {
    execFileSync('id', ['-u', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
