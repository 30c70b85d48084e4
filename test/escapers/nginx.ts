import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOLLAR, quoteNginx } from '../../src/templates/nginx-quote.js';
import { until } from '../live/lab/sandbox.js';
import { pipelined } from '../support/pipelined.js';
import type { Escaper } from './escaper.js';

const PROGRAM = '/usr/sbin/nginx';

/** Words as `geo` reads them, literally, and as `map` does, with variables in them. */
const KINDS = {
  literal: (written: readonly string[]) =>
    `geo $arg_i $read { default none; ${written.map((word, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255} ${word};`).join('\n')} }`,
  value: (written: readonly string[]) =>
    `map $arg_i $read { default none; ${written.map((word, index) => `${index} ${word};`).join('\n')} }`,
} as const;

const paths = {
  literal: (index: number) => `/?i=10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
  value: (index: number) => `/?i=${index}`,
} as const;

const config = (
  block: string,
  folder: string,
) => `daemon off; pid "nginx.pid"; error_log stderr crit; events {} http { access_log off;
  ${DOLLAR} client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
  map_hash_max_size 400000; map_hash_bucket_size 512; keepalive_requests 10000000; default_type application/octet-stream;
  ${block}
  server { listen ${quoteNginx(`unix:${folder}/s`)}; location / { return 200 $read; } } }`;

const nginx = (kind: keyof typeof KINDS): Escaper => ({
  name: `quoteNginx ${kind}, nginx`,
  batch: 100_000,
  write: (text) => quoteNginx(text, kind),
  missing: () => (existsSync(PROGRAM) ? false : 'apt-get install -y nginx-light'),
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    mkdirSync(join(folder, 't'));
    return {
      read: async (written) => {
        writeFileSync(join(folder, 'nginx.conf'), config(KINDS[kind](written), folder));
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
          return await pipelined(
            join(folder, 's'),
            written.map((_, index) => paths[kind](index)),
          );
        } finally {
          if (child.exitCode === null && child.kill('SIGTERM')) await ended;
          rmSync(join(folder, 's'), { force: true });
        }
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

export const NGINX = [nginx('literal'), nginx('value')];
