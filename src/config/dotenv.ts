import { readFile } from 'node:fs/promises';
import { Failure } from '../core/failure.js';
import { decodeText } from './decode.js';

/**
 * The variables of an `--env-file`; later lines win.
 * @throws Failure CONFIG_ENV_FILE, CONFIG_ENCODING (config) with file, line and name, never a value
 */
export async function loadEnvFile(path: string): Promise<Readonly<Record<string, string>>> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Failure('CONFIG_ENV_FILE', 'config', `The env file ${JSON.stringify(path)} cannot be read`, {
      cause: error,
      hint: `ls -l ${path}`,
    });
  });
  return parseDotenv(decodeText(bytes, path), path);
}

/**
 * `KEY=VALUE` lines as `.env` files have them: `export`, comments, single quotes (literal) and double quotes (`\n`, `\r`, `\t`, `\"`, `\\`, `\$`), both
 * over several lines if need be. Nothing is interpolated: a `$` is a `$`.
 * @param name what the file is called in messages
 * @throws Failure CONFIG_ENV_FILE (config) with file, line and name, never a value
 */
export function parseDotenv(text: string, name: string): Readonly<Record<string, string>> {
  const reader = new Reader(text.replaceAll('\r\n', '\n'), name);
  const variables: [string, string][] = [];
  for (let variable = reader.next(); variable !== undefined; variable = reader.next()) variables.push(variable);
  return Object.fromEntries(variables);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

class Reader {
  #at = 0;

  constructor(
    readonly text: string,
    readonly file: string,
  ) {}

  next(): [string, string] | undefined {
    this.#take(/(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*(?:#[^\n]*$)?/y);
    if (this.#at >= this.text.length) return undefined;
    const line = this.#at;
    const [, name = ''] = this.#take(/(?:export[^\S\n]+)?([^\s=#]*)[^\S\n]*/y);
    if (!/^[A-Za-z_]\w*$/.test(name))
      throw this.#wrong(line, 'is no KEY=VALUE', 'a name has letters, digits and underscores: KEY=VALUE');
    if (this.text[this.#at] !== '=') throw this.#wrong(line, `has no value for ${name}`, `${name}=VALUE`);
    const value = this.#value(line, name);
    if (value.includes('\0')) throw this.#wrong(line, `holds a NUL character in ${name}`, 'no environment variable can hold one');
    return [name, value];
  }

  #value(line: number, name: string): string {
    const [sign] = this.#take(/=[^\S\n]*/y);
    // A # is a comment only after a space: passwords have them.
    if (sign !== '=' && this.text[this.#at] === '#') this.#take(/[^\n]*/y);
    const quote = this.text[this.#at];
    if (quote !== '"' && quote !== "'") return this.#take(/(?:(?![^\S\n]#)[^\n])*/y)[0].trim();
    const [whole, inner = ''] = this.#take(quote === '"' ? /"([^"\\]*(?:\\.[^"\\]*)*)"/sy : /'([^']*)'/y);
    if (whole === '') throw this.#wrong(line, `has a quote that is never closed, in ${name}`, `${name}=${quote}VALUE${quote}`);
    const [rest] = this.#take(/[^\n]*/y);
    if (!/^\s*(?:#|$)/.test(rest))
      throw this.#wrong(line, `goes on after the closing quote of ${name}`, 'put the whole value in one pair of quotes');
    return quote === '"' ? inner.replace(/\\([nrt"\\$])/g, (_, letter: string) => ESCAPES[letter] ?? letter) : inner;
  }

  #take(pattern: RegExp): RegExpExecArray | [string, ...string[]] {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    this.#at += match?.[0].length ?? 0;
    return match ?? [''];
  }

  #wrong(at: number, problem: string, hint: string): Failure {
    const line = this.text.slice(0, at).split('\n').length;
    return new Failure('CONFIG_ENV_FILE', 'config', `${this.file}:${line}: the line ${problem}`, { hint });
  }
}
