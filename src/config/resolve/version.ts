/**
 * Whether a version is at least another, part by part as numbers: `5.10` is above `5.9`, `2028.1` above `6.2`, `6.1rc1` counts as `6.1`.
 * What cannot be read as a version is taken for the newest.
 */
export function atLeast(version: string, floor: string): boolean {
  const have = parts(version);
  if (have.length === 0) return true;
  for (const [i, wanted] of parts(floor).entries()) {
    const part = have[i] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

function parts(version: string): number[] {
  const release = /^v?\d+(\.\d+)*/.exec(version)?.[0].replace(/^v/, '') ?? '';
  return release === '' ? [] : release.split('.').map(Number);
}
