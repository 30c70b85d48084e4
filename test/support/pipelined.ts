import { connect } from 'node:net';

/** Every answer's body, of requests sent one after another without waiting. */
export function pipelined(socket: string, wanted: readonly string[]): Promise<string[]> {
  return new Promise((done, fail) => {
    const bodies: string[] = [];
    let rest = Buffer.alloc(0);
    const wire = connect(socket);
    wire.on('error', fail).on('data', (part) => {
      rest = Buffer.concat([rest, part]);
      let at = 0;
      for (;;) {
        const end = rest.indexOf('\r\n\r\n', at);
        if (end === -1) break;
        const length = Number(/content-length: (\d+)/i.exec(rest.toString('latin1', at, end))?.[1]);
        if (rest.length < end + 4 + length) break;
        bodies.push(rest.toString('utf8', end + 4, end + 4 + length));
        at = end + 4 + length;
      }
      rest = rest.subarray(at);
      if (bodies.length < wanted.length) return;
      wire.destroy();
      done(bodies);
    });
    wire.write(wanted.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
  });
}
