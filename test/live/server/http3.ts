import { execFile } from 'node:child_process';
import { connect } from 'node:http2';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { leadingTo } from '../../support/leading-to.js';
import { pipEnvironment } from '../lab/pip-environment.js';

export interface Http3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Http3Question {
  readonly address: string;
  readonly domain: string;
  readonly path: string;
  /** PEM file: the certificate is verified. */
  readonly ca: string;
}

/** One GET over QUIC, and over nothing else. https://aioquic.readthedocs.io/ */
const CLIENT = `
import asyncio, json, sys
from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated

class Client(QuicConnectionProtocol):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.http = H3Connection(self._quic)
        self.ended = asyncio.get_running_loop().create_future()
        self.headers, self.body = {}, b''

    def quic_event_received(self, event):
        if isinstance(event, ConnectionTerminated) and not self.ended.done():
            self.ended.set_exception(ConnectionError(event.reason_phrase))
        for part in self.http.handle_event(event):
            if isinstance(part, HeadersReceived):
                self.headers.update((name.decode(), value.decode()) for name, value in part.headers)
            elif isinstance(part, DataReceived):
                self.body += part.data
            if getattr(part, 'stream_ended', False) and not self.ended.done():
                self.ended.set_result(None)

async def ask(address, domain, path, ca):
    settings = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name=domain, cafile=ca)
    async with connect(address, 443, configuration=settings, create_protocol=Client) as client:
        question = {':method': 'GET', ':scheme': 'https', ':authority': domain, ':path': path}
        stream = client._quic.get_next_available_stream_id()
        client.http.send_headers(stream, [(name.encode(), value.encode()) for name, value in question.items()], end_stream=True)
        client.transmit()
        await asyncio.wait_for(client.ended, 10)
        print(json.dumps({'status': int(client.headers[':status']), 'headers': client.headers, 'body': client.body.decode()}))

asyncio.run(asyncio.wait_for(ask(*sys.argv[1:]), 15))
`;

/** Rejects where no answer comes over QUIC. */
export async function askHttp3({ address, domain, path, ca }: Http3Question): Promise<Http3Answer> {
  const bin = await pipEnvironment(['aioquic==1.2.0']);
  const { stdout } = await promisify(execFile)(join(bin, 'python'), ['-I', '-c', CLIENT, address, domain, path, ca]);
  return JSON.parse(stdout);
}

/** What an answer over HTTP/2 says of other ways to come. */
export function overHttp2(address: string, domain: string, ca: Buffer): Promise<string> {
  const session = connect(`https://${domain}/`, { ca, ...leadingTo(address) });
  return new Promise<string>((done, fail) => {
    session.on('error', fail);
    const stream = session.request({ ':path': '/' });
    stream.on('response', (headers) => done(String(headers['alt-svc'])));
    stream.on('error', fail);
    stream.resume().end();
  }).finally(() => session.close());
}
