import { Failure } from '../core/failure.js';

/** What an XML-RPC value can hold here: https://xmlrpc.com/spec.md without dates and base64, which supervisor does not send. */
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

export type Answer = { readonly value: Value } | { readonly fault: { readonly code: number; readonly text: string } };

/** A call's body. */
export function xmlCall(method: string, parameters: readonly (string | number | boolean)[]): string {
  const written = parameters.map((value) => `<param><value>${writeValue(value)}</value></param>`).join('');
  return `<?xml version="1.0"?><methodCall><methodName>${escapeXml(method)}</methodName><params>${written}</params></methodCall>`;
}

/** The one escaper for XML text. Characters that XML cannot hold at all are left out. */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('\r', '&#13;')
  );
}

function writeValue(value: string | number | boolean): string {
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === 'number') return `<int>${value}</int>`;
  return `<string>${escapeXml(value)}</string>`;
}

/** @throws Failure RPC_MALFORMED (bug) when it is not the answer of an XML-RPC server */
export function parseAnswer(xml: string): Answer {
  const reader = new Reader(xml);
  reader.open('methodResponse');
  if (!reader.tryOpen('fault')) {
    for (const tag of ['params', 'param', 'value']) reader.open(tag);
    const value = readValue(reader);
    for (const tag of ['param', 'params', 'methodResponse']) reader.close(tag);
    return { value };
  }
  reader.open('value');
  const value = readValue(reader);
  reader.close('fault');
  if (typeof value !== 'object' || isList(value)) throw reader.malformed();
  const { faultCode: code, faultString: text } = value;
  if (typeof code !== 'number' || typeof text !== 'string') throw reader.malformed();
  return { fault: { code, text } };
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);

/** The content of a `<value>` that has just been opened, and its end. */
function readValue(reader: Reader): Value {
  const value = readTyped(reader);
  reader.close('value');
  return value;
}

function readTyped(reader: Reader): Value {
  if (reader.tryOpen('array')) return readArray(reader);
  if (reader.tryOpen('struct')) return readStruct(reader);
  for (const tag of ['string', 'int', 'i4', 'boolean', 'double', 'nil'] as const) {
    if (reader.tryEmpty(tag)) return '';
    if (!reader.tryOpen(tag)) continue;
    const text = reader.text();
    reader.close(tag);
    if (tag === 'string') return text;
    if (tag === 'boolean') return text.trim() === '1';
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) throw reader.malformed();
    return number;
  }
  return reader.text();
}

function readArray(reader: Reader): Value {
  const items: Value[] = [];
  if (!reader.tryEmpty('data')) {
    reader.open('data');
    while (reader.tryOpen('value')) items.push(readValue(reader));
    reader.close('data');
  }
  reader.close('array');
  return items;
}

function readStruct(reader: Reader): Value {
  const fields = new Map<string, Value>();
  while (reader.tryOpen('member')) {
    reader.open('name');
    const name = reader.text();
    reader.close('name');
    reader.open('value');
    fields.set(name, readValue(reader));
    reader.close('member');
  }
  reader.close('struct');
  return Object.fromEntries(fields);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Reads one document from left to right. Knows tags without attributes and text; anything else is malformed. */
class Reader {
  #at: number;

  constructor(readonly xml: string) {
    this.#at = /^\s*(<\?xml[^>]*\?>)?/.exec(xml)?.[0].length ?? 0;
  }

  tryOpen = (tag: string): boolean => this.#take(`<${tag}>`);

  tryEmpty = (tag: string): boolean => this.#take(`<${tag}/>`) || this.#take(`<${tag} />`);

  open(tag: string): void {
    if (!this.#take(`<${tag}>`)) throw this.malformed();
  }

  close(tag: string): void {
    if (!this.#take(`</${tag}>`)) throw this.malformed();
  }

  text(): string {
    const end = this.xml.indexOf('<', this.#at);
    if (end < 0) throw this.malformed();
    const raw = this.xml.slice(this.#at, end);
    this.#at = end;
    return raw.replace(/&([^;&]*);/g, (_, name: string) => this.#entity(name));
  }

  malformed(): Failure {
    return new Failure('RPC_MALFORMED', 'bug', 'The process supervisor gave an answer that is not XML-RPC', {
      detail: this.xml.slice(Math.max(0, this.#at - 100), this.#at + 100),
    });
  }

  #take(markup: string): boolean {
    const blank = blanksAt(this.xml, this.#at);
    if (!this.xml.startsWith(markup, this.#at + blank)) return false;
    this.#at += blank + markup.length;
    return true;
  }

  #entity(name: string): string {
    const code = /^#(x[0-9a-fA-F]+|\d+)$/.exec(name)?.[1];
    if (code !== undefined) {
      const point = code.startsWith('x') ? Number.parseInt(code.slice(1), 16) : Number(code);
      if (point <= 0x10ffff) return String.fromCodePoint(point);
    }
    const known = ENTITIES[name];
    if (known === undefined) throw this.malformed();
    return known;
  }
}

function blanksAt(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at += 1;
  return at - from;
}
