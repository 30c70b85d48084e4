"""One HTTP request over a unix socket or to a loopback port; no pool, no retry, no redirect followed."""
import socket
import time

from slipway_host import frames
from slipway_host.calls import Refused

MOST_BYTES = 4 * 1024 * 1024
POLL = 0.01


class Attempt:
    """A request whose answer is kept back."""

    def __init__(self, call):
        self.args = call.args
        self.cancelled = call.cancelled
        self.cancel_hooks = call.cancel_hooks
        self.parts = []

    def send(self, kind, data):
        self.parts.append((kind, data))


def request(call):
    """With `until`, {"statuses", "seconds"}: again and again, until such an answer comes or the time is over; that answer counts."""
    until = call.args.get('until')
    if until is None:
        return once(call)
    end = time.monotonic() + until['seconds']
    while True:
        is_last = time.monotonic() >= end
        attempt = Attempt(call)
        try:
            answered = once(attempt)
            if is_last or answered['status'] in until['statuses']:
                for kind, data in attempt.parts:
                    call.send(kind, data)
                return answered
        except Refused as refused:
            if is_last or refused.answer['code'] != 'NO_ANSWER':
                raise
        call.cancelled.wait(POLL)


def once(call):
    import http.client
    import ssl

    args = call.args
    try:
        return answer(call, args, http.client, ssl)
    except (OSError, http.client.HTTPException) as error:
        if call.cancelled.is_set():
            raise Refused('CANCELLED', 'Stopped on request')
        raise Refused('NO_ANSWER', 'Nothing answered at %s: %s' % (where(args['to']), str(error) or type(error).__name__))


def where(to):
    return to['socket'] if 'socket' in to else '127.0.0.1:%d' % to['port']


def answer(call, args, client, ssl):
    plain = open_socket(args['to'], args['timeout'])
    call.cancel_hooks.append(lambda: end(plain))
    if call.cancelled.is_set():
        end(plain)
    tls = args['to'].get('tls')
    if tls is not None:
        context = ssl.create_default_context(cafile=tls['ca'])
        # A server's own certificate is enough to be trusted, whoever gave it: Python does so by itself from 3.13 on.
        context.verify_flags |= getattr(ssl, 'VERIFY_X509_PARTIAL_CHAIN', 0x80000)
        plain = context.wrap_socket(plain, server_hostname=tls['name'])
    connection = client.HTTPConnection('127.0.0.1' if 'socket' not in args['to'] else 'localhost')
    connection.sock = plain
    try:
        ask(connection, args)
        response = connection.getresponse()
        sent = 0
        while True:
            data = response.read(65536)
            if not data:
                break
            if sent + len(data) <= MOST_BYTES:
                call.send(frames.OUT, data)
            sent += len(data)
        return {'status': response.status, 'headers': headers_of(response)}
    finally:
        connection.close()


def ask(connection, args):
    headers = {'connection': 'close'}
    headers.update({name.lower(): value for name, value in (args.get('headers') or {}).items()})
    body = args.get('body')
    data = None if body is None else body.encode('utf-8')
    if data is not None:
        headers['content-length'] = str(len(data))
    connection.putrequest(args['method'], args['path'], skip_host='host' in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value.encode('utf-8'))
    connection.endheaders(data)


def open_socket(to, timeout):
    if 'port' in to:
        return socket.create_connection(('127.0.0.1', to['port']), timeout)
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(timeout)
    try:
        one.connect(to['socket'])
    except OSError:
        one.close()
        raise
    return one


def end(one):
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def headers_of(response):
    found = {}
    for name, value in response.getheaders():
        found.setdefault(name.lower(), []).append(value)
    return found


OPERATIONS = {'request': (request, True)}
