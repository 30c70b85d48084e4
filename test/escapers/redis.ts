import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisWord } from '../../src/templates/redis-conf.js';
import { until } from '../live/lab/sandbox.js';
import type { Escaper, Reader } from './escaper.js';

const PROGRAM = '/usr/bin/redis-server';
const missing = () => (existsSync(PROGRAM) ? false : 'apt-get install -y redis-server');

/** A server that has read the lines as its configuration. */
async function server(folder: string, lines: readonly string[]): Promise<{ readonly socket: string; stop(): Promise<void> }> {
  const socket = join(folder, 's');
  writeFileSync(join(folder, 'redis.conf'), [`port 0`, `unixsocket ${redisWord(socket)}`, 'save ""', ...lines, ''].join('\n'));
  const child = spawn(PROGRAM, [join(folder, 'redis.conf')], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((done) => child.once('exit', done));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      said += part;
    });
  // The socket is there a moment before it is listened at.
  const answers = () =>
    strings(socket, ['PING']).then(
      () => true,
      () => false,
    );
  await until('redis', async () => child.exitCode !== null || (await answers()), 30);
  if (child.exitCode !== null) throw new Error(`redis: ${said}`);
  return {
    socket,
    stop: async () => {
      if (child.exitCode === null && child.kill('SIGKILL')) await ended;
      rmSync(socket, { force: true });
    },
  };
}

/** A server that was told by its configuration to call its commands otherwise knows them by these names. */
const renamed: Escaper = {
  name: 'redisWord, redis.conf',
  batch: 150,
  write: redisWord,
  // COMMAND INFO takes what follows a | for the name of a command's part.
  skip: (text) => text.includes('|') || /\p{Surrogate}/u.test(text),
  missing,
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    const plain = await server(folder, []);
    // Redis 8 has commands of a module that is loaded after its configuration is read.
    const later = new Set(await strings(plain.socket, ['COMMAND', 'LIST', 'FILTERBY', 'MODULE', 'vectorset']));
    const all = await strings(plain.socket, ['COMMAND', 'LIST']);
    const names = all.filter((name) => !/^(command|eval)$|\|/.test(name) && !later.has(name));
    await plain.stop();
    return {
      read: async (written, texts) => {
        // A serial number keeps one name from being another's.
        const one = await server(
          folder,
          written.map((word, index) => `rename-command ${names[index]} ${numbered(word, index)}`),
        );
        try {
          const wanted = texts.map((text, index) => `${index}:${text}`);
          const known = await strings(one.socket, ['EVAL', KNOWN, '0', ...wanted]);
          return texts.map((text, index) => (known[index] === 'yes' ? text : '(something else)'));
        } finally {
          await one.stop();
        }
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

/** Of names of commands, which there are. */
const KNOWN =
  "local r = {}; for i, w in ipairs(ARGV) do r[i] = redis.call('COMMAND', 'INFO', w)[1] and 'yes' or 'no' end; return r";

const numbered = (word: string, index: number): string =>
  word.startsWith('"') ? `"${index}:${word.slice(1)}` : `"${index}:${word}"`;

/** Passwords of users, of which the server tells the hash: any bytes can be one. */
const passwords: Escaper = {
  name: 'redisWord, redis.conf, password',
  batch: 20_000,
  write: (text) => redisWord(`>${text}`),
  skip: (text) => /\p{Surrogate}/u.test(text),
  missing,
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    return {
      read: async (written, texts) => {
        const one = await server(
          folder,
          written.map((word, index) => `user u${index} on ${word}`),
        );
        try {
          const said = await strings(one.socket, ['ACL', 'LIST']);
          const known = new Map(said.map((line) => [line.split(' ')[1], /#([0-9a-f]{64})/.exec(line)?.[1]]));
          const hashed = (text: string) => createHash('sha256').update(text).digest('hex');
          return texts.map((text, index) => (known.get(`u${index}`) === hashed(text) ? text : '(something else)'));
        } finally {
          await one.stop();
        }
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
};

/** The same reader of words (`sdssplitargs`) in redis-cli, for many at a time. */
const lines: Escaper = {
  name: 'redisWord, redis-cli',
  batch: 4000,
  write: redisWord,
  skip: (text) => /\p{Surrogate}/u.test(text),
  missing,
  open: async (): Promise<Reader> => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-words-'));
    const one = await server(folder, []);
    return {
      read: async (written) => {
        await strings(one.socket, ['DEL', 'words']);
        const input = written.map((word) => `RPUSH words ${word}\n`).join('');
        const { status, stderr } = spawnSync('redis-cli', ['-s', one.socket], { input, stdio: ['pipe', 'ignore', 'pipe'] });
        if (status !== 0) throw new Error(`redis-cli: ${String(stderr)}`);
        return strings(one.socket, ['LRANGE', 'words', '0', '-1']);
      },
      close: async () => {
        await one.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

export const REDIS = [renamed, passwords, lines];

/** The answer to one command: a list of texts, or one. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
function strings(socket: string, words: readonly string[]): Promise<string[]> {
  return new Promise((done, fail) => {
    const wire = connect(socket);
    const parts: Buffer[] = [];
    wire.on('error', fail).on('data', (part: Buffer) => {
      parts.push(part);
      const found = parse(parts.length === 1 ? part : Buffer.concat(parts));
      if (found === undefined) return;
      wire.destroy();
      done(found);
    });
    wire.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  });
}

function parse(bytes: Buffer): string[] | undefined {
  const first = bytes.indexOf('\r\n');
  if (first === -1) return undefined;
  const head = bytes.toString('utf8', 0, first);
  if (!head.startsWith('*')) return [head];
  const found: string[] = [];
  let at = first + 2;
  for (let left = Number(head.slice(1)); left > 0; left--) {
    const end = bytes.indexOf('\r\n', at);
    if (end === -1) return undefined;
    const length = Number(bytes.toString('latin1', at + 1, end));
    if (bytes.length < end + 2 + length + 2) return undefined;
    found.push(bytes.toString('utf8', end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return found;
}
