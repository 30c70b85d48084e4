import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoteApache } from '../../src/templates/apache-quote.js';
import { until } from '../live/lab/sandbox.js';
import { freePort } from '../support/edge.js';
import type { Escaper } from './escaper.js';

const PROGRAM = '/usr/sbin/apache2';
const MODULES = ['mpm_prefork', 'authz_core', 'alias', 'env', 'cgi'];

/** What Apache has handed to it, with a NUL behind each. */
const TELL = `#!/usr/bin/python3
import os, sys
values = [os.environb.get(b'W%d' % n, b'(nothing)') for n in range(int(os.environ['QUERY_STRING']))]
sys.stdout.buffer.write(b'Content-Type: application/octet-stream\\r\\n\\r\\n' + b''.join(value + b'\\0' for value in values))
`;

const config = (folder: string, port: number, written: readonly string[]): string =>
  [
    `ServerRoot ${quoteApache(folder)}`,
    ...MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
    `Listen 127.0.0.1:${port}`,
    ...['ServerName words.test', 'PidFile pid', 'ErrorLog errors', 'StartServers 1', 'DefaultRuntimeDir .'],
    ...(process.getuid?.() === 0 ? ['User nobody', 'Group nogroup'] : []),
    `ScriptAlias "/words" ${quoteApache(join(folder, 'tell'))}`,
    '<Directory "/">',
    'Require all granted',
    '</Directory>',
    ...written.map((word, index) => `SetEnv W${index} ${word}`),
    '',
  ].join('\n');

/** Words of a configuration as Apache hands them to a program that it starts. */
const words: Escaper = {
  name: 'quoteApache, Apache',
  batch: 8000,
  write: quoteApache,
  missing: () => (existsSync(PROGRAM) ? false : 'apt-get install -y apache2-bin'),
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'tell'), TELL, { mode: 0o755 });
    return {
      read: async (written) => {
        const port = await freePort();
        writeFileSync(join(folder, 'words.conf'), config(folder, port, written));
        const child = spawn(PROGRAM, ['-DFOREGROUND', '-f', join(folder, 'words.conf')], {
          stdio: ['ignore', 'pipe', 'pipe'],
          // Apache ends its whole group of processes.
          detached: true,
        });
        const ended = new Promise((done) => child.once('exit', done));
        let said = '';
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (part) => {
            said += part;
          });
        try {
          let told: string | undefined;
          await until(
            'Apache',
            async () => {
              told = await body(`http://127.0.0.1:${port}/words?${written.length}`);
              return child.exitCode !== null || told !== undefined;
            },
            60,
          );
          if (told === undefined) throw new Error(`Apache: ${said}`);
          return told.split('\0').slice(0, -1);
        } finally {
          if (child.exitCode === null && child.kill('SIGTERM')) await ended;
        }
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

/** undefined where nobody answers. */
const body = (url: string): Promise<string | undefined> =>
  new Promise((done) => {
    get(url, { agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part) => parts.push(part)).on('end', () => done(String(Buffer.concat(parts))));
    }).on('error', () => done(undefined));
  });

export const APACHE = [words];
