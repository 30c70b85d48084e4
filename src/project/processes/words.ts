/** Where a quoted part ends; in double quotes a backslash keeps a quote from ending it. */
function closing(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/**
 * Splits a command line as POSIX sh does. Undefined when it needs a shell: pipes, redirections, substitutions, variables without a default.
 * A `${NAME:-value}` becomes its default.
 */
export function words(line: string): string[] | undefined {
  const out: string[] = [];
  let word: string | undefined;
  const text = line.replaceAll(/\$\{\w+:?-([^}"'$]*)\}/g, '$1');
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (/\s/.test(character)) {
      if (word !== undefined) out.push(word);
      word = undefined;
    } else if (character === "'" || character === '"') {
      const end = closing(text, at);
      if (end < 0) return undefined;
      const inside = text.slice(at + 1, end);
      if (character === '"' && /[$`]/.test(inside)) return undefined;
      word = (word ?? '') + (character === '"' ? inside.replaceAll(/\\(["\\])/g, '$1') : inside);
      at = end;
    } else if (character === '\\') {
      at += 1;
      word = (word ?? '') + (text[at] ?? '');
    } else if (/[|&;<>()$`]/.test(character)) return undefined;
    else word = (word ?? '') + character;
  }
  if (word !== undefined) out.push(word);
  return out;
}
