import { Failure } from '../../core/failure.js';

/**
 * The words of a command line, with quotes and backslashes as in a POSIX shell and nothing expanded.
 * @throws Failure COMMAND_UNREADABLE on a quote that is left open, and on what only a shell could do (`|`, `&&`, `;`, `>`, `$(…)`).
 */
export function words(line: string, where: string): string[] {
  const found: string[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    const word = WORD.exec(rest)?.[0] ?? '';
    if (word === '') throw unreadable(line, where);
    found.push(bare(word));
    rest = rest.slice(word.length).trimStart();
  }
  return found;
}

const PIECES = /'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]|[^\s'"\\|&;<>`$()]+|\$(?!\()/;
const WORD = new RegExp(`^(?:${PIECES.source})+`);

function bare(word: string): string {
  return word.replace(new RegExp(PIECES.source, 'g'), (piece) => {
    if (piece.startsWith("'")) return piece.slice(1, -1);
    // Between double quotes a backslash escapes only what would mean something there.
    if (piece.startsWith('"')) return piece.slice(1, -1).replace(/\\(["\\$`])/g, '$1');
    return piece.startsWith('\\') ? piece.slice(1) : piece;
  });
}

function unreadable(line: string, where: string): Failure {
  return new Failure('COMMAND_UNREADABLE', 'config', `${where} is not one command: ${line}`, {
    hint: 'put it into a script of the project and name that',
  });
}
