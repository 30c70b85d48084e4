import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../src/core/failure.js';
import { DOLLAR, quoteNginx } from '../../src/templates/nginx-quote.js';
import { Edge, nginxPrograms } from '../support/edge.js';
import { pipelined } from '../support/pipelined.js';

const STRINGS = 100_000;

/** Reproducible: a failure names a seed, not luck. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: nginx would read them
const SPECIAL = [
  ...' "\'\\${};#\t()[]|^~*?+-=@,.<>&%!`',
  '$uri',
  '${uri}',
  '\\n',
  '\\"',
  '/*',
  'include',
  'ä',
  '𝒳',
  '\u202e',
  '\u0085',
  '\u2028',
  'ÿ',
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: nginx would read them

function strings(): string[] {
  const next = random(20261121);
  const word = () => {
    const length = Math.floor(next() * 12);
    return Array.from({ length }, () =>
      next() < 0.6 ? SPECIAL[Math.floor(next() * SPECIAL.length)] : String.fromCodePoint(32 + Math.floor(next() * 0xd000)),
    ).join('');
  };
  const acceptable = (text: string) => {
    try {
      return quoteNginx(text, 'value') !== '';
    } catch (error) {
      return !(error instanceof Failure);
    }
  };
  const found: string[] = [];
  while (found.length < STRINGS) {
    const text = word();
    if (acceptable(text)) found.push(text);
  }
  return found;
}

/** Half through `geo`, which takes words literally, half through `map`, which puts variables in. */
function config(texts: readonly string[], folder: string): string {
  const address = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  return `daemon off; pid "nginx.pid"; error_log stderr crit; events {} http { access_log off; ${DOLLAR}
    client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
    map_hash_max_size 400000; map_hash_bucket_size 256; keepalive_requests 1000000; default_type application/octet-stream;
    geo $arg_a $literal { default none; ${texts.map((text, index) => `${address(index)} ${quoteNginx(text)};`).join('\n')} }
    map $arg_i $value { default none; ${texts.map((text, index) => `${index} ${quoteNginx(text, 'value')};`).join('\n')} }
    server { listen ${quoteNginx(`unix:${folder}/s`)}; location = /l { return 200 $literal; } location = /v { return 200 $value; } } }`;
}

for (const { name, program } of nginxPrograms()) {
  test(`${STRINGS} words written by quoteNginx are read back by ${name} as they were`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-quote-'));
    const texts = strings();
    mkdirSync(join(folder, 't'));
    writeFileSync(join(folder, 'nginx.conf'), config(texts, folder));
    const nginx = spawn(program, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    nginx.stderr.on('data', (part) => {
      said += part;
    });
    try {
      const ready = await poll(
        () => pipelined(join(folder, 's'), ['/l']),
        () => nginx.exitCode !== null,
      );
      assert.ok(ready, said);
      const literal = await pipelined(
        join(folder, 's'),
        texts.map((_, index) => `/l?a=10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
      );
      const value = await pipelined(
        join(folder, 's'),
        texts.map((_, index) => `/v?i=${index}`),
      );
      texts.forEach((text, index) => {
        if (literal[index] !== text || value[index] !== text) assert.deepEqual([literal[index], value[index]], [text, text]);
      });
    } finally {
      const ended = new Promise((done) => nginx.once('exit', done));
      if (nginx.exitCode === null && nginx.kill('SIGTERM')) await ended;
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test(`paths with every awkward character are served by ${name}`, async () => {
    const before = process.env['TMPDIR'];
    const odd = join(mkdtempSync(join(tmpdir(), 'slipway-odd-')), 'a $uri "b" \'c\' \\d {e};#ü');
    mkdirSync(odd);
    process.env['TMPDIR'] = odd;
    try {
      const edge = await Edge.start(program, (_, response) => response.end('app'));
      try {
        writeFileSync(join(edge.folder, 'one/static/plain/static/a.txt'), 'static');
        writeFileSync(join(edge.folder, 'kept/plain/k.txt'), 'x');
        writeFileSync(join(edge.folder, 'media/a.txt'), 'media');
        spawnSync('chmod', ['755', join(odd, '..')]);
        assert.equal((await edge.ask('/')).body.toString(), 'app');
        assert.equal((await edge.ask('/static/a.txt')).body.toString(), 'static');
        assert.equal((await edge.ask('/media/a.txt')).body.toString(), 'media');
        edge.switchTo('nowhere');
        assert.match((await edge.ask('/')).body.toString(), /not available/);
      } finally {
        await edge.stop();
      }
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(join(odd, '..'), { recursive: true, force: true });
    }
  });
}

async function poll(ask: () => Promise<unknown>, over: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 400 && !over(); tries++) {
    if (
      await ask().then(
        () => true,
        () => false,
      )
    )
      return true;
    await new Promise((next) => setTimeout(next, 25));
  }
  return false;
}
