/** One line of a section; a key may come several times. `false` and undefined are left out. */
export type Directive = readonly [key: string, value: string] | false | undefined;

export interface UnitSections {
  readonly unit?: readonly Directive[];
  /** `Service`, `Timer`, `Socket`, `Swap`: the section of the unit's own kind. */
  readonly kind?: { readonly name: 'Service' | 'Timer' | 'Socket' | 'Swap'; readonly lines: readonly Directive[] };
  readonly install?: readonly Directive[];
}

const WRITTEN = '# Written by Slipway; changes are overwritten.';

/** The text of a unit file or a drop-in. Values are escaped by whoever gives them: `systemd-quote.ts`. */
export function unitFile({ unit, kind, install }: UnitSections): string {
  const sections = [
    section('Unit', unit),
    ...(kind === undefined ? [] : [section(kind.name, kind.lines)]),
    section('Install', install),
  ];
  return `${WRITTEN}\n${sections.filter((text) => text !== '').join('\n')}`;
}

function section(name: string, lines: readonly Directive[] | undefined): string {
  const said = (lines ?? []).flatMap((line) => (line === false || line === undefined ? [] : [`${line[0]}=${line[1]}\n`]));
  return said.length === 0 ? '' : `[${name}]\n${said.join('')}`;
}
