/** Colours by what they mean to a reader. Each gives its text back as it is where colours are off. */
export interface Paint {
  readonly on: boolean;
  good(text: string): string;
  bad(text: string): string;
  doubtful(text: string): string;
  faint(text: string): string;
  strong(text: string): string;
  /** One of six colours, the same for the same number. */
  hue(index: number, text: string): string;
}

const HUES = ['36', '35', '34', '32', '33', '96'] as const;

/** SGR sequences: https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
export function paint(on: boolean): Paint {
  const sgr = (start: string, end: string) => (text: string) => (on && text !== '' ? `\x1b[${start}m${text}\x1b[${end}m` : text);
  return {
    on,
    good: sgr('32', '39'),
    bad: sgr('31', '39'),
    doubtful: sgr('33', '39'),
    faint: sgr('2', '22'),
    strong: sgr('1', '22'),
    hue: (index, text) => sgr(HUES[index % HUES.length] ?? '36', '39')(text),
  };
}
