/** Names that a `.env` file sets, in order; its values are nobody's business here. Never throws. */
export function envFileNames(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*(?:=|:\s)/.exec(line)?.[1];
    return name === undefined || /^\s*#/.test(line) ? [] : [name];
  });
}
