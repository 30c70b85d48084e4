/** Numeric parts of a version; letters and what follows are dropped: `5.2rc1` is [5, 2]. */
export function numbers(version: string): number[] {
  const release = /^v?(?:\d+!)?(\d+(?:\.\d+)*)/.exec(version.trim())?.[1] ?? '';
  return release === '' ? [] : release.split('.').map(Number);
}

/** Negative, zero or positive, as `a` is older, equal or newer; `5.2` equals `5.2.0`. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `5.2.17` → `5.2`; undefined when there are not two parts. */
export function series(version: string): string | undefined {
  const [major, minor] = numbers(version);
  return major === undefined || minor === undefined ? undefined : `${major}.${minor}`;
}

const bump = (parts: readonly number[], at: number): string =>
  parts
    .slice(0, at + 1)
    .map((part, index) => (index === at ? part + 1 : part))
    .join('.');

const startsWith = (version: string, prefix: string): boolean =>
  numbers(prefix).every((part, at) => (numbers(version)[at] ?? 0) === part);

/** Whether a final release satisfies PEP 440 specifiers (`>=4.2,<6`, `==5.*`, `~=5.1`); clauses it cannot read count as satisfied. */
export function satisfies(version: string, specifier: string): boolean {
  return specifier.split(',').every((clause) => satisfiesClause(version, clause.trim()));
}

function satisfiesClause(version: string, clause: string): boolean {
  const match = /^(===?|~=|!=|<=|>=|<|>)\s*(.+)$/.exec(clause);
  const wanted = match?.[2] ?? '';
  const order = compareVersions(version, wanted);
  const wild = wanted.endsWith('.*');
  switch (match?.[1]) {
    case '==':
    case '===':
      return wild ? startsWith(version, wanted) : order === 0;
    case '!=':
      return wild ? !startsWith(version, wanted) : order !== 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '~=':
      return order >= 0 && startsWith(version, numbers(wanted).slice(0, -1).join('.'));
    default:
      return true;
  }
}

/** Poetry's and npm's `^4.1` and `~4.1`, and bare versions, as PEP 440; undefined for what has no such form (`||`). */
export function fromPoetry(constraint: string): string | undefined {
  if (constraint.includes('||') || constraint.includes('|')) return undefined;
  const clauses = constraint.split(/\s*,\s*|\s+(?=[<>=!~^])/).map((clause) => poetryClause(clause.trim()));
  return clauses.filter((clause) => clause !== '').join(',');
}

function poetryClause(clause: string): string {
  if (clause === '' || clause === '*') return '';
  const caret = /^\^\s*(.+)$/.exec(clause)?.[1];
  if (caret !== undefined) {
    const parts = numbers(caret);
    const first = parts.findIndex((part) => part !== 0);
    return `>=${caret},<${bump(parts, first < 0 ? parts.length - 1 : first)}`;
  }
  const tilde = /^~(?!=)\s*(.+)$/.exec(clause)?.[1];
  if (tilde !== undefined) {
    const parts = numbers(tilde);
    return `>=${tilde},<${bump(parts, Math.min(1, parts.length - 1))}`;
  }
  return /^[\d]/.test(clause) ? `==${clause}` : clause.replaceAll(/\s+/g, '');
}
