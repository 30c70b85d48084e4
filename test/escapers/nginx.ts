import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOLLAR, matchLiterally, quoteNginx } from '../../src/templates/nginx-quote.js';
import { until } from '../live/lab/sandbox.js';
import { pipelined } from '../support/pipelined.js';
import { type Escaper, isUnsayable } from './escaper.js';

const PROGRAM = '/usr/sbin/nginx';

interface Kind {
  readonly name: string;
  readonly batch: number;
  write(text: string): string;
  skip?(text: string): boolean;
  block(written: readonly string[]): string;
  path(index: number, text: string): string;
  /** What an answer says was read. */
  told?(answer: string, texts: readonly string[]): string;
}

const address = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;

/** Words as `geo` reads them. */
const literal: Kind = {
  name: 'quoteNginx literal, nginx',
  batch: 100_000,
  write: (text) => quoteNginx(text, 'literal'),
  block: (written) =>
    `geo $arg_i $read { default none; ${written.map((word, index) => `${address(index)} ${word};`).join('\n')} }`,
  path: (index) => `/?i=${address(index)}`,
};

/** As `map` reads them, with variables in them. */
const value: Kind = {
  name: 'quoteNginx value, nginx',
  batch: 100_000,
  write: (text) => quoteNginx(text, 'value'),
  block: (written) => `map $arg_i $read { default none; ${written.map((word, index) => `${index} ${word};`).join('\n')} }`,
  path: (index) => `/?i=${index}`,
};

/** As regular expressions, of which the first that fits tells its number: each path must find its own. */
const pattern: Kind = {
  name: 'matchLiterally, nginx',
  batch: 500,
  write: (text) => quoteNginx(`~^/${matchLiterally(text)}$`),
  // nginx makes paths shorter before it compares them.
  skip: (text) => isUnsayable(text) || /[/]|^\.{1,2}$/.test(text),
  block: (written) => `map $uri $read { default none; ${written.map((word, index) => `${word} ${index};`).join('\n')} }`,
  path: (_, text) => `/${encodeURIComponent(text).replaceAll('.', '%2E')}`,
  told: (answer, texts) => texts[Number(answer)] ?? answer,
};

const config = (
  block: string,
  folder: string,
) => `daemon off; pid "nginx.pid"; error_log stderr crit; events {} http { access_log off;
  ${DOLLAR} client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
  map_hash_max_size 400000; map_hash_bucket_size 512; keepalive_requests 10000000; default_type application/octet-stream;
  ${block}
  server { listen ${quoteNginx(`unix:${folder}/s`)}; location / { return 200 $read; } } }`;

const nginx = ({ name, batch, write, skip, block, path, told = (answer) => answer }: Kind): Escaper => ({
  name,
  batch,
  write,
  ...(skip === undefined ? {} : { skip }),
  missing: () => (existsSync(PROGRAM) ? false : 'apt-get install -y nginx-light'),
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    mkdirSync(join(folder, 't'));
    return {
      read: async (written, texts) => {
        writeFileSync(join(folder, 'nginx.conf'), config(block(written), folder));
        const child = spawn(PROGRAM, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        const ended = new Promise((done) => child.once('exit', done));
        let said = '';
        child.stderr.on('data', (part) => {
          said += part;
        });
        try {
          const answers = () => pipelined(join(folder, 's'), ['/']).catch(() => undefined);
          await until('nginx', async () => child.exitCode !== null || (await answers()), 60);
          if (child.exitCode !== null) throw new Error(`nginx: ${said}`);
          const answered = await pipelined(
            join(folder, 's'),
            texts.map((text, index) => path(index, text)),
          );
          return answered.map((answer) => told(answer, texts));
        } finally {
          if (child.exitCode === null && child.kill('SIGTERM')) await ended;
          rmSync(join(folder, 's'), { force: true });
        }
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

export const NGINX = [literal, value, pattern].map(nginx);
