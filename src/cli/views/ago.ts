const STEPS: readonly (readonly [seconds: number, unit: string])[] = [
  [86400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** How long something has been: `3 minutes`. What lies ahead of the clock counts as now. */
export function ago(time: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(time).getTime()) / 1000));
  if (Number.isNaN(seconds)) return time;
  const [length, unit] = STEPS.find(([size]) => seconds >= size) ?? [1, 'second'];
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
