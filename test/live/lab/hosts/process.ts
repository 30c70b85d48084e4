import { readFileSync } from 'node:fs';

/** `PID START`, START in clock ticks since boot: tells a process from a later one with its number. */
export const thisProcess = (): string => `${process.pid} ${startOf(process.pid)}`;

/** Whether the process that `thisProcess` named is still there. */
export function processIs(named: string): boolean {
  const [pid = '', started] = named.trim().split(' ');
  return started !== undefined && startOf(Number(pid)) === started;
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
