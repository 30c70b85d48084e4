import { parse } from 'yaml';
import { isTable, stringAt, tableAt } from '../toml.js';
import type { Tree } from '../tree.js';
import { contained } from './dockerfiles.js';
import { parseProcfile } from './procfile.js';

/** A command line that a file of the tree shows as one that runs. */
export interface Shown {
  readonly name: string;
  readonly command: string;
  readonly from: string;
  /** Files that say what production runs come first. */
  readonly rank: number;
  readonly conditional?: boolean;
  /** One of several that one container runs. */
  readonly beside?: boolean;
}

const DEVELOPMENT =
  /(^|[-_./])(dev|devel|develop|development|local|tests?|testing|ci|debug|override|docs?|e2e|selenium|example)([-_./]|$)/i;

/** Everything in the tree that shows what runs, best first. */
export function shownCommands(tree: Tree): Shown[] {
  const all = [
    ...procfiles(tree),
    ...units(tree),
    ...supervisors(tree),
    ...attached(tree),
    ...composed(tree),
    ...contained(tree),
  ];
  return all.sort((a, b) => a.rank - b.rank);
}

const isNear = (path: string): boolean => path.split('/').length <= 4 && !/(^|\/)(tests?|docs?|examples?)\//.test(path);

function procfiles(tree: Tree): Shown[] {
  return tree
    .named(/^Procfile$/)
    .filter(isNear)
    .flatMap((path) =>
      parseProcfile(tree.text(path) ?? '').map(({ name, command, line }) => ({
        name,
        command,
        from: `${path}:${line}`,
        rank: 0,
      })),
    );
}

function lines(tree: Tree, path: string): { text: string; from: string }[] {
  return (tree.text(path) ?? '').split('\n').map((text, index) => ({ text, from: `${path}:${index + 1}` }));
}

const stem = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/@?\.\w+$/, '');

/** systemd units that the project ships. */
function units(tree: Tree): Shown[] {
  return tree
    .named(/\.service$/)
    .filter(isNear)
    .flatMap((path) =>
      lines(tree, path).flatMap(({ text, from }) => {
        const command = /^ExecStart\s*=\s*[-@:+!]*(.+)$/.exec(text)?.[1];
        return command === undefined ? [] : [{ name: stem(path), command, from, rank: 1 }];
      }),
    );
}

/** `[program:worker]` sections of supervisor files. */
function supervisors(tree: Tree): Shown[] {
  return tree
    .named(/supervisor.*\.(conf|ini)$|\.supervisor\.conf$/i)
    .filter((path) => isNear(path) && !DEVELOPMENT.test(path))
    .flatMap((path) => {
      let program = '';
      return lines(tree, path).flatMap(({ text, from }) => {
        program = /^\[program:([^\]]+)\]/.exec(text)?.[1] ?? program;
        const command = /^command\s*=\s*(.+)$/.exec(text)?.[1];
        return command === undefined || program === '' ? [] : [{ name: program, command, from, rank: 1 }];
      });
    });
}

/** `attach-daemon` of uWSGI; those inside `if-env` run only where somebody sets that variable. */
function attached(tree: Tree): Shown[] {
  return tree
    .named(/uwsgi.*\.ini$/i)
    .filter((path) => isNear(path) && !DEVELOPMENT.test(path))
    .flatMap((path) => {
      let depth = 0;
      return lines(tree, path).flatMap(({ text, from }) => {
        if (/^\s*if-[\w-]+\s*=/.test(text)) depth += 1;
        if (/^\s*endif\s*=/.test(text)) depth -= 1;
        const command = /^\s*(?:smart-)?attach-daemon2?\s*=\s*(.+)$/.exec(text)?.[1];
        return command === undefined ? [] : [{ name: '', command, from, rank: 1, conditional: depth > 0 }];
      });
    });
}

/** Services of compose files that run the project's own code. */
function composed(tree: Tree): Shown[] {
  const paths = tree.named(/compose[^/]*\.ya?ml$/).filter(isNear);
  return paths.flatMap((path) => {
    let document: unknown;
    try {
      document = parse(tree.text(path) ?? '', { merge: true });
    } catch {
      return [];
    }
    return Object.entries(tableAt(document, 'services')).flatMap(([name, service]) => {
      const command = isTable(service) ? commandOf(service['command']) : undefined;
      const rank = DEVELOPMENT.test(path) ? 4 : /prod|deploy/i.test(path) ? 2 : 3;
      return command === undefined ? [] : [{ name, command, from: `${path} ${name}`, rank }];
    });
  });
}

function commandOf(command: unknown): string | undefined {
  if (typeof command === 'string') return command.replaceAll(/\s*\\?\n\s*/g, ' ');
  if (!Array.isArray(command)) return undefined;
  const parts = command.filter((part) => typeof part === 'string');
  // A list is words already; quoting keeps those that hold spaces whole.
  return parts.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : `'${part.replaceAll("'", '')}'`)).join(' ');
}

/** Images that compose files run beside the project. */
export function composeImages(tree: Tree): { readonly image: string; readonly from: string }[] {
  return tree
    .named(/compose[^/]*\.ya?ml$/)
    .filter(isNear)
    .flatMap((path) => {
      let document: unknown;
      try {
        document = parse(tree.text(path) ?? '', { merge: true });
      } catch {
        return [];
      }
      return Object.entries(tableAt(document, 'services')).flatMap(([name, service]) => {
        const image = stringAt(service, 'image');
        return image === undefined ? [] : [{ image, from: `${path} ${name}` }];
      });
    });
}
