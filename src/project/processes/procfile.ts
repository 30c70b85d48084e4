export interface ProcfileLine {
  readonly name: string;
  readonly command: string;
  readonly line: number;
}

/** The entries of a Procfile: `name: command`, one a line; anything else is left out. */
export function parseProcfile(text: string): ProcfileLine[] {
  return text.split('\n').flatMap((raw, index) => {
    const match = /^([A-Za-z0-9_-]+)\s*:\s*(.+?)\s*$/.exec(raw);
    return match === null ? [] : [{ name: match[1] ?? '', command: match[2] ?? '', line: index + 1 }];
  });
}
