"""The ASGI wrapper: health, scope, lifespan for applications with and without it, and closing websockets."""
import asyncio
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, PYTHON)
from slipway_runtime import drain, request_id
from slipway_runtime.asgi_wrapper import wrap


def run(coroutine):
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(coroutine, 10))
    finally:
        loop.close()


class Server:
    """One connection: what the application sent is in `sent`, what it is to receive is put in with `give`."""

    def __init__(self):
        self.sent = []
        self.queue = asyncio.Queue()

    def give(self, *kinds):
        for kind in kinds:
            self.queue.put_nowait({'type': kind})

    async def receive(self):
        return await self.queue.get()

    async def send(self, message):
        self.sent.append(message)

    def kinds(self):
        return [message['type'] for message in self.sent]


class Http(unittest.TestCase):
    async def seen(self, kind, headers, client):
        seen = {}

        async def app(scope, receive, send):
            seen.update(scope, request_id=request_id.get())

        scope = {'type': kind, 'path': '/', 'scheme': 'http' if kind == 'http' else 'ws', 'headers': headers, 'client': client}
        await wrap(app)(scope, None, None)
        self.assertEqual(scope['headers'], headers)
        return seen

    def test_the_scope_says_what_the_edge_says(self):
        headers = [(b'x-real-ip', b'203.0.113.9'), (b'x-forwarded-proto', b'https'), (b'x-request-id', b'r-1')]
        seen = run(self.seen('http', headers, None))
        self.assertEqual((seen['client'], seen['scheme'], seen['request_id']), (('203.0.113.9', 0), 'https', 'r-1'))
        self.assertEqual(run(self.seen('websocket', headers, None))['scheme'], 'wss')
        self.assertEqual(run(self.seen('http', [], None))['client'], ('127.0.0.1', 0))
        self.assertEqual(run(self.seen('http', [], ['10.0.0.1', 5]))['client'], ['10.0.0.1', 5])

    def test_what_the_edge_is_known_by_is_not_told(self):
        headers = [(b'X-Slipway-Edge', b'secret'), (b'accept', b'*/*')]
        for kind in ('http', 'websocket'):
            self.assertEqual(run(self.seen(kind, headers, None))['headers'], [(b'accept', b'*/*')])

    def test_health(self):
        async def ask(path, method='GET'):
            server = Server()
            await wrap(None_app)({'type': 'http', 'path': path, 'method': method, 'headers': []}, server.receive, server.send)
            return server.sent[0]['status'], dict(server.sent[0]['headers']), server.sent[1]['body']

        status, headers, body = run(ask('/-/health/live'))
        self.assertEqual((status, json.loads(body.decode())['live'], headers[b'content-type']), (200, True, b'application/json'))
        self.assertEqual(run(ask('/-/health/ready'))[0], 503)
        self.assertEqual(run(ask('/-/health/live', 'HEAD'))[2], b'')

    def test_applications_of_the_first_version_of_the_protocol(self):
        class Old:
            def __init__(self, scope):
                self.scope = scope

            async def __call__(self, receive, send):
                await send({'type': 'old', 'path': self.scope['path']})

        server = Server()
        run(wrap(Old)({'type': 'http', 'path': '/x', 'headers': [], 'client': None}, server.receive, server.send))
        self.assertEqual(server.kinds(), ['old'])


async def None_app(scope, receive, send):
    raise AssertionError('the application was called')


class Lifespan(unittest.TestCase):
    def lived(self, app, *events):
        async def life():
            server = Server()
            server.give(*events)
            await wrap(app)({'type': 'lifespan'}, server.receive, server.send)
            return server.kinds()

        return run(life())

    BOTH = ('lifespan.startup', 'lifespan.shutdown')
    ANSWERED = ['lifespan.startup.complete', 'lifespan.shutdown.complete']

    def test_an_application_that_knows_it_answers_itself(self):
        async def app(scope, receive, send):
            for event in self.BOTH:
                self.assertEqual((await receive())['type'], event)
                await send({'type': event + '.complete'})

        self.assertEqual(self.lived(app, *self.BOTH), self.ANSWERED)

    def test_one_that_does_not_is_answered_for(self):
        async def refusing(scope, receive, send):
            raise ValueError('Django can only handle ASGI/HTTP connections, not lifespan.')

        async def late(scope, receive, send):
            await receive()
            raise ValueError('not lifespan')

        async def silent(scope, receive, send):
            pass

        for app in (refusing, late, silent):
            self.assertEqual(self.lived(app, *self.BOTH), self.ANSWERED)

    def test_a_start_that_fails_is_passed_on(self):
        async def app(scope, receive, send):
            await receive()
            await send({'type': 'lifespan.startup.failed', 'message': 'no'})

        self.assertEqual(self.lived(app, 'lifespan.startup'), ['lifespan.startup.failed'])

    def test_an_error_after_the_start_is_raised(self):
        async def app(scope, receive, send):
            await receive()
            await send({'type': 'lifespan.startup.complete'})
            raise RuntimeError('broken')

        with self.assertRaises(RuntimeError):
            self.lived(app, 'lifespan.startup')


class Draining(unittest.TestCase):
    def setUp(self):
        kept = drain._POLL_SECONDS, drain._JITTER_SECONDS
        drain._POLL_SECONDS, drain._JITTER_SECONDS = 0.05, 0.1

        def restore():
            drain._POLL_SECONDS, drain._JITTER_SECONDS = kept

        self.addCleanup(restore)
        self.flag = os.path.join(tempfile.mkdtemp(prefix='slipway-drain-'), 'drain')
        self.addCleanup(lambda: (os.path.exists(self.flag) and os.unlink(self.flag), os.rmdir(os.path.dirname(self.flag))))

    def test_open_websockets_are_closed_and_their_applications_told(self):
        told = []

        async def app(scope, receive, send):
            await receive()
            await send({'type': 'websocket.accept'})
            while True:
                message = await receive()
                if message['type'] == 'websocket.disconnect':
                    told.append(message['code'])
                    await send({'type': 'websocket.send', 'text': 'too late'})
                    return

        async def drained():
            application = wrap(app, self.flag)
            servers = [Server(), Server()]
            connections = []
            for server in servers:
                server.give('websocket.connect')
                scope = {'type': 'websocket', 'path': '/', 'headers': [], 'client': None}
                connections.append(asyncio.ensure_future(application(scope, server.receive, server.send)))
            await asyncio.sleep(0.1)
            self.assertFalse(any(connection.done() for connection in connections))
            open(self.flag, 'w').close()
            await asyncio.wait(connections, timeout=5)
            await asyncio.sleep(0)
            return servers

        for server in run(drained()):
            self.assertEqual(server.kinds(), ['websocket.accept', 'websocket.close'])
            self.assertEqual(server.sent[-1]['code'], 1012)
        self.assertEqual(told, [1012, 1012])

    def test_messages_pass_while_nothing_is_drained(self):
        async def app(scope, receive, send):
            while True:
                message = await receive()
                await send({'type': 'echo ' + message['type']})
                if message['type'] == 'websocket.disconnect':
                    return

        async def talked():
            server = Server()
            server.give('websocket.connect', 'websocket.receive', 'websocket.disconnect')
            scope = {'type': 'websocket', 'path': '/', 'headers': [], 'client': None}
            await wrap(app, self.flag)(scope, server.receive, server.send)
            await asyncio.sleep(0)
            return server.kinds()

        self.assertEqual(run(talked()), ['echo websocket.connect', 'echo websocket.receive', 'echo websocket.disconnect'])


if __name__ == '__main__':
    unittest.main()
