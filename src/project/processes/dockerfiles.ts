import type { Tree } from '../tree.js';
import type { Shown } from './shown.js';

interface Instruction {
  readonly word: string;
  readonly text: string;
  readonly line: number;
}

/** The instructions of a Dockerfile, continued lines joined. */
function instructions(text: string): Instruction[] {
  const found: Instruction[] = [];
  let pending = '';
  let start = 0;
  text.split(/\r?\n/).forEach((raw, index) => {
    if (/^\s*#/.test(raw)) return;
    if (pending === '') start = index + 1;
    if (/\\\s*$/.test(raw)) {
      pending += `${raw.replace(/\\\s*$/, '')} `;
      return;
    }
    const match = /^\s*([A-Za-z]+)\s+(.+?)\s*$/.exec(pending + raw);
    pending = '';
    if (match !== null) found.push({ word: (match[1] ?? '').toUpperCase(), text: match[2] ?? '', line: start });
  });
  return found;
}

/** Words that separate commands, for the starters of several that containers use, and for a shell. */
const SEPARATOR = /^(&&|\|\|\||&|;)$/;

/** `CMD ["a", "b"]` as the line a shell would be given. */
function lineOf(text: string): string {
  if (!text.startsWith('[')) return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  const parts = Array.isArray(parsed) ? parsed.filter((part) => typeof part === 'string') : [];
  if (/^(?:\/bin\/)?(?:ba|da)?sh$/.test(parts[0] ?? '') && /^-\w*c$/.test(parts[1] ?? '')) return parts[2] ?? '';
  return parts
    .map((part) => (SEPARATOR.test(part) || /^[\w@%+=:,./$-]+$/.test(part) ? part : `'${part.replaceAll("'", '')}'`))
    .join(' ');
}

/** What goes on running of a line: the last command of each chain of those that are started side by side. */
export function lasting(line: string): string[] {
  return line
    .split(/\|\|\||(?<![&>])&(?![&>\d])/)
    .map((chain) => chain.split(/&&|;/).at(-1)?.trim() ?? '')
    .filter((command) => command !== '' && !/^wait(\s|$)/.test(command));
}

const ASIDE = /(^|[-_./])(dev|devel|develop|development|local|tests?|testing|ci|debug|docs?|e2e|example)([-_./]|$)/i;

/** Commands that the project's containers run as long as they live: those of the last stage. */
export function contained(tree: Tree): Shown[] {
  return tree
    .named(/^(.+\.)?Dockerfile(\.[\w.-]+)?$/i)
    .filter((path) => path.split('/').length <= 4)
    .flatMap((path) => {
      const all = instructions(tree.text(path) ?? '');
      const stage = all.slice(all.findLastIndex(({ word }) => word === 'FROM') + 1);
      const last = stage.findLast(({ word }) => word === 'CMD') ?? stage.findLast(({ word }) => word === 'ENTRYPOINT');
      if (last === undefined) return [];
      const commands = lasting(lineOf(last.text));
      const from = `${path}:${last.line}`;
      const rank = ASIDE.test(path) ? 4 : 3;
      return commands.map((command) => ({ name: '', command, from, rank, beside: commands.length > 1 }));
    });
}
