import { request } from 'node:https';
import WebSocket from 'ws';
import { leadingTo } from '../../support/leading-to.js';
import { type LoadReport, startLoad } from '../../support/open-loop.js';

export interface MixedOptions {
  /** Of a project that `plainProject` made. */
  readonly url: string;
  readonly ca: Buffer;
  /** Where its name leads. */
  readonly address: string;
  /** Requests a second, all kinds together. */
  readonly rate: number;
}

export interface MixedReport {
  /** Requests of all kinds, a message over a websocket being one. */
  readonly sent: number;
  /** By kind and name: `slow: ECONNRESET`, `websocket: closed with 1006`. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of the short ones: four of five over connections that are kept, every third a POST. */
  readonly short: LoadReport;
  /** Websockets that were told to connect again (1012), and could. */
  readonly handedOver: number;
}

const SLOW_A_SECOND = 8;
const STREAMS_A_SECOND = 2;
const SOCKETS = 5;
const ECHO_MS = 250;
const SERVICE_RESTART = 1012;
/** What is not answered by then will not be. */
const TIMEOUT_MS = 20_000;

/**
 * What a busy site meets at the same time: short requests over new and over kept connections, forms, slow answers, long streams, websockets.
 * Each is sent when it is due, and nothing is tried again, but that a websocket connects anew when it is told to.
 */
export function startMixed({ url, ca, address, rate }: MixedOptions): { stop(): Promise<MixedReport> } {
  const failures: Record<string, number> = {};
  const count = (what: string) => {
    failures[what] = (failures[what] ?? 0) + 1;
  };
  const load = { ca, address, rate: rate - SLOW_A_SECOND - STREAMS_A_SECOND };
  const short = startLoad({ url, ...load, postEvery: 3, postPath: '/', contains: '</html>', freshEvery: 5 });
  const pending = new Set<Promise<void>>();
  const every = (perSecond: number, path: string, whole: RegExp) => {
    const tally = { sent: 0 };
    const timer = setInterval(() => {
      tally.sent += 1;
      const work = answer(new URL(path, url), { ca, address })
        .then((text) => {
          if (!whole.test(text)) count(`${path}: not whole`);
        })
        .catch((error: NodeJS.ErrnoException) => count(`${path}: ${error.code ?? error.message}`))
        .finally(() => pending.delete(work));
      pending.add(work);
    }, 1000 / perSecond);
    return { tally, stop: () => clearInterval(timer) };
  };
  const slow = every(SLOW_A_SECOND, '/slow', /^slow and whole$/);
  const streams = every(STREAMS_A_SECOND, '/stream', /^(line \d\n){10}whole\n$/);
  const sockets = Array.from({ length: SOCKETS }, () => new Echo(url.replace('https:', 'wss:'), { ca, address }, count));
  return {
    stop: async () => {
      for (const one of [slow, streams]) one.stop();
      await Promise.all(pending);
      for (const socket of sockets) socket.close();
      const report = await short.stop();
      for (const [name, times] of Object.entries(report.failures)) failures[`short: ${name}`] = times;
      const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
      return {
        sent: sum([report.sent, slow.tally.sent, streams.tally.sent, ...sockets.map(({ sent }) => sent)]),
        failures,
        short: report,
        handedOver: sum(sockets.map(({ handedOver }) => handedOver)),
      };
    },
  };
}

interface Reach {
  readonly ca: Buffer;
  readonly address: string;
}

/** Text of a 200, over a connection of its own. */
function answer(url: URL, { ca, address }: Reach): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ca, agent: false, timeout: TIMEOUT_MS, ...leadingTo(address) }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.on('error', reject);
      incoming.on('end', () => (incoming.statusCode === 200 ? resolve(text) : reject(new Error(String(incoming.statusCode)))));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('timeout')));
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** One websocket that says something now and then, and wants to hear it. */
class Echo {
  sent = 0;
  handedOver = 0;
  #socket: WebSocket;
  #isOver = false;
  #wanted: string[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly url: string,
    readonly reach: Reach,
    readonly count: (what: string) => void,
  ) {
    this.#socket = this.#connect();
    this.#timer = setInterval(() => this.#say(), ECHO_MS);
  }

  close(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#socket.terminate();
  }

  #connect(): WebSocket {
    this.#wanted = [];
    const { ca, address } = this.reach;
    const socket = new WebSocket(new URL('/ws', this.url), { ca, handshakeTimeout: TIMEOUT_MS, ...leadingTo(address) });
    socket.on('message', (data) => {
      if (String(data) !== this.#wanted.shift()) this.count('websocket: another answer');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.#isOver) this.count(`websocket: ${error.code ?? error.message}`);
    });
    socket.on('close', (code) => {
      if (this.#isOver) return;
      if (code === SERVICE_RESTART) this.handedOver += 1;
      else this.count(`websocket: closed with ${code}`);
      // A client that got an error waits before it tries again.
      setTimeout(
        () => {
          if (!this.#isOver) this.#socket = this.#connect();
        },
        code === SERVICE_RESTART ? 0 : 1000,
      );
    });
    return socket;
  }

  #say(): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.sent += 1;
    this.#wanted.push(`echo ${this.sent}`);
    this.#socket.send(String(this.sent));
  }
}
