/** One requirement of a requirements file or of PEP 508 metadata. */
export interface Requirement {
  /** PEP 503 normalised. */
  readonly name: string;
  readonly extras: readonly string[];
  /** PEP 440 specifiers as written, without spaces: `>=4.2,<6`; '' for any. */
  readonly specifier: string;
  readonly marker?: string;
  /** For `name @ URL` and VCS or file requirements. */
  readonly url?: string;
}

/** PEP 503: runs of `-`, `_` and `.` are one dash, lower case. */
export const normalise = (name: string): string => name.replaceAll(/[-_.]+/g, '-').toLowerCase();

const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s;

/** Reads one requirement, hashes and options already removed; undefined when it is none. */
export function parseRequirement(text: string): Requirement | undefined {
  const trimmed = text.trim();
  const direct = fromUrl(trimmed);
  if (direct !== undefined) return direct;
  const match = NAME.exec(trimmed);
  if (match === null) return undefined;
  const [body = '', ...markers] = (match[3] ?? '').split(/\s*;\s*/);
  const marker = markers.join(';').trim();
  const base = {
    name: normalise(match[1] ?? ''),
    extras: (match[2] ?? '')
      .split(',')
      .map((extra) => normalise(extra.trim()))
      .filter((extra) => extra !== ''),
    ...(marker === '' ? {} : { marker }),
  };
  if (body.startsWith('@')) return { ...base, specifier: '', url: body.slice(1).trim() };
  const specifier = body.replaceAll(/[()\s]/g, '');
  return /^((===|[=~!<>]=|[<>])[\w.*+!-]+,?)*$/.test(specifier) ? { ...base, specifier } : undefined;
}

/** `git+https://…#egg=name`, `https://…/name-1.0.tar.gz`, `./vendor/name`: the name where it shows. */
function fromUrl(text: string): Requirement | undefined {
  if (!/^(\w+\+)?\w+:\/\/|^\.{0,2}\/|^file:/.test(text)) return undefined;
  const egg = /[#&]egg=([\w.-]+)(?:\[([^\]]*)\])?/.exec(text);
  const file = /\/([A-Za-z0-9_.]+?(?:-[A-Za-z][A-Za-z0-9_.]*)*?)-\d[^/]*\.(whl|tar\.gz|zip)/.exec(text);
  const repository = /\/([\w.-]+?)(\.git)?(@[^/#]*)?(#.*)?$/.exec(text);
  const name = egg?.[1] ?? file?.[1] ?? repository?.[1];
  if (name === undefined || !/[A-Za-z0-9]/.test(name)) return undefined;
  return { name: normalise(name), extras: [], specifier: '', url: text };
}

/** The version a specifier allows alone: `==4.2.3` gives 4.2.3; null when it is no pin. */
export function pinnedVersion(specifier: string): string | null {
  return /^={2,3}([^,*]+)$/.exec(specifier)?.[1] ?? null;
}
