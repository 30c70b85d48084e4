/**
 * Versions and specifiers of Python distributions.
 * https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
interface Version {
  readonly epoch: number;
  readonly release: readonly number[];
  /** Everything after the release segment as one sortable list: pre, post, dev. */
  readonly pre: readonly [number, number];
  readonly post: number;
  readonly dev: number;
  readonly local: string;
  readonly isPre: boolean;
}

const VERSION =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;
const CLAUSE = /^(~=|===|==|!=|<=|>=|<|>)\s*(.+)$/;
const PRE_RANK: Readonly<Record<string, number>> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 };

function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, epoch, release, pre, preNumber, postDash, postWord, postNumber, dev, devNumber, local] = match;
  const hasPost = postDash !== undefined || postWord !== undefined;
  // A bare dev release sorts before every pre-release, a final one after them all.
  const finalRank = dev !== undefined && !hasPost ? -1 : 3;
  return {
    epoch: Number(epoch ?? 0),
    release: (release ?? '0').split('.').map(Number),
    pre: pre === undefined ? [finalRank, 0] : [PRE_RANK[pre] ?? 2, Number(preNumber || 0)],
    post: hasPost ? Number(postDash ?? (postNumber || 0)) : -1,
    dev: dev === undefined ? Number.POSITIVE_INFINITY : Number(devNumber || 0),
    local: local ?? '',
    isPre: pre !== undefined || dev !== undefined,
  };
}

function compareRelease(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Written so that two infinities are equal. */
const compareNumbers = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function compareLocal(a: string, b: string): number {
  const [left, right] = [a, b].map((local) => local.split(/[-_.]/).filter((part) => part !== ''));
  for (let index = 0; index < Math.max(left?.length ?? 0, right?.length ?? 0); index += 1) {
    const [x, y] = [left?.[index], right?.[index]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    const order =
      xNumber && yNumber ? Number(x) - Number(y) : xNumber !== yNumber ? (xNumber ? 1 : -1) : x < y ? -1 : x > y ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}

function comparePublic(a: Version, b: Version): number {
  return (
    a.epoch - b.epoch ||
    compareRelease(a.release, b.release) ||
    a.pre[0] - b.pre[0] ||
    a.pre[1] - b.pre[1] ||
    a.post - b.post ||
    compareNumbers(a.dev, b.dev)
  );
}

/** Orders two versions by PEP 440; what is no version sorts first. Negative, zero or positive, as for `sort`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  return comparePublic(left, right) || compareLocal(left.local, right.local);
}

/** True where the text is a version by PEP 440. */
export const isVersion = (text: string): boolean => parseVersion(text) !== undefined;

/** True for alphas, betas, candidates and development releases. */
export const isPreRelease = (text: string): boolean => parseVersion(text)?.isPre ?? false;

const startsWith = (version: Version, prefix: Version): boolean =>
  version.epoch === prefix.epoch && prefix.release.every((part, index) => (version.release[index] ?? 0) === part);

function holds(version: Version, operator: string, text: string): boolean {
  const wildcard = text.endsWith('.*');
  const wanted = parseVersion(wildcard ? text.slice(0, -2) : text);
  if (wanted === undefined) return false;
  const order = comparePublic(version, wanted);
  const sameLocal = wanted.local === '' || compareLocal(version.local, wanted.local) === 0;
  const sameRelease = version.epoch === wanted.epoch && compareRelease(version.release, wanted.release) === 0;
  switch (operator) {
    case '==':
      return wildcard ? startsWith(version, wanted) : order === 0 && sameLocal;
    case '!=':
      return wildcard ? !startsWith(version, wanted) : !(order === 0 && sameLocal);
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    // `<3.1` leaves out 3.1rc1, and `>3.1` leaves out 3.1.post1, unless the bound is of that sort itself.
    case '<':
      return order < 0 && !(version.isPre && !wanted.isPre && sameRelease);
    case '>':
      return order > 0 && !(version.post >= 0 && wanted.post < 0 && sameRelease);
    case '~=':
      return order >= 0 && wanted.release.length > 1 && startsWith(version, { ...wanted, release: wanted.release.slice(0, -1) });
    default:
      return false;
  }
}

const clauses = (specifier: string): string[] =>
  specifier
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '' && clause !== '*');

/** True where the text is a list of version specifiers (`>=3.10,<3.13`); '' and `*` stand for any version. */
export const isSpecifier = (text: string): boolean =>
  clauses(text).every((clause) => {
    const match = CLAUSE.exec(clause);
    return match?.[1] === '===' || isVersion((match?.[2] ?? '').replace(/\.\*$/, ''));
  });

/** Does the version lie within the specifier? False where either cannot be read. Pre-releases count like any other version. */
export function satisfies(version: string, specifier: string): boolean {
  const parsed = parseVersion(version);
  if (parsed === undefined) return false;
  return clauses(specifier).every((clause) => {
    const match = CLAUSE.exec(clause);
    const [, operator, wanted] = match ?? [];
    if (operator === undefined || wanted === undefined) return false;
    return operator === '===' ? version.trim() === wanted.trim() : holds(parsed, operator, wanted.trim());
  });
}
