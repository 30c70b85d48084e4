import { isList, type Json, member, textOf, textsOf } from './answer.js';

type Found =
  | { readonly kind: 'file'; readonly text: string }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'other' | 'absent' };

/**
 * What files of a host were when it was asked for all of them at once, by one who keeps others from changing them. A question about one of them
 * needs no way to the host, until it may have been changed over this connection.
 */
export class Survey {
  readonly #found = new Map<string, Found>();

  /** @param json as `python/slipway_host/survey.py` gives it */
  fill(json: Json): void {
    const rows = member(json, 'found') ?? [];
    if (isList(rows)) for (const row of rows) if (isList(row)) this.#take(row);
    for (const path of textsOf(member(json, 'absent'))) this.#found.set(path, { kind: 'absent' });
  }

  #take([path, kind, content]: readonly Json[]): void {
    if (typeof path !== 'string') return;
    if (kind === 'file') this.#found.set(path, { kind, text: textOf(content) ?? '' });
    else if (kind === 'link') this.#found.set(path, { kind, to: textOf(content) ?? '' });
    else if (kind === 'names') this.#found.set(path, { kind, names: textsOf(content) });
    else this.#found.set(path, { kind: 'other' });
  }

  /** Of what is not known itself: whether a folder that is known has it. */
  #of(path: string): Found | undefined {
    const found = this.#found.get(path);
    if (found !== undefined) return found;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = this.names(path.slice(0, at));
      if (folder !== undefined && !folder.includes(path.slice(at + 1).split('/')[0] ?? '')) return { kind: 'absent' };
    }
    return undefined;
  }

  /** Of a file: its text, or that there is none; undefined where the host is to be asked. */
  text(path: string): { readonly text: string | undefined } | undefined {
    const found = this.#of(path);
    if (found?.kind === 'file') return found;
    return found?.kind === 'absent' ? { text: undefined } : undefined;
  }

  /** Of a link: where it leads, or that there is none; undefined where the host is to be asked. */
  target(path: string): { readonly to: string | undefined } | undefined {
    const found = this.#of(path);
    if (found?.kind === 'link') return found;
    return found?.kind === 'absent' ? { to: undefined } : undefined;
  }

  /** Whether there is anything; undefined where the host is to be asked. */
  exists(path: string): boolean | undefined {
    const found = this.#of(path);
    return found === undefined ? undefined : found.kind !== 'absent';
  }

  /** Names in a folder; undefined where the host is to be asked. */
  names(path: string): readonly string[] | undefined {
    const found = this.#found.get(`${path}/`);
    return found?.kind === 'names' ? found.names : undefined;
  }

  /** Something at this path, in it or around it, may be another now. */
  touch(path: string): void {
    for (const known of this.#found.keys()) {
      if (known === path || known.startsWith(`${path}/`) || path.startsWith(`${known.replace(/\/$/, '')}/`))
        this.#found.delete(known);
    }
  }
}
