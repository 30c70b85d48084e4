import { StringDecoder } from 'node:string_decoder';

/** Text of a stream that comes in pieces, told line by line. */
export class Collected {
  readonly #decoder = new StringDecoder('utf8');
  readonly #parts: string[] = [];
  #line = '';

  constructor(readonly onLine: ((line: string) => void) | undefined) {}

  push(bytes: Buffer): void {
    this.#add(this.#decoder.write(bytes));
  }

  end(): string {
    this.#add(this.#decoder.end());
    if (this.#line !== '') this.onLine?.(this.#line);
    this.#line = '';
    return this.#parts.join('');
  }

  #add(text: string): void {
    this.#parts.push(text);
    if (this.onLine === undefined) return;
    const lines = (this.#line + text).split(/\r\n|\n|\r(?!$)/);
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.onLine(line);
  }
}
