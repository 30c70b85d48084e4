"""Closing the websockets of a release that is being replaced, so that their clients connect to the new one."""
import asyncio
import os
import random

SERVICE_RESTART = 1012
_POLL_SECONDS = 0.5
_JITTER_SECONDS = 1.0


class Drain:
    """Watches for a flag file while websockets are open; once it is there, closes each within a second, not all at the same instant."""

    def __init__(self, flag):
        self._flag = flag
        self._open = set()
        self._watch = None

    async def run(self, app, scope, receive, send):
        """Run `app` for one websocket."""
        connection = _Connection(receive, send)
        self._open.add(connection)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.ensure_future(self._watching())
        try:
            await app(scope, connection.receive, connection.send)
        finally:
            self._open.discard(connection)
            connection.release()
            if not self._open:
                self._watch.cancel()

    async def _watching(self):
        while self._open:
            if os.path.exists(self._flag):
                await asyncio.wait([asyncio.ensure_future(connection.close()) for connection in list(self._open)])
            await asyncio.sleep(_POLL_SECONDS)


class _Connection:
    def __init__(self, receive, send):
        self._receive = receive
        self._send = send
        self._pending = None
        self._closing = asyncio.Event()
        self._over = False

    async def receive(self):
        """The server's next message, or a disconnect as soon as the connection is being closed from here."""
        if self._closing.is_set():
            return _disconnected()
        if self._pending is None:
            self._pending = asyncio.ensure_future(self._receive())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait([self._pending, closing], return_when=asyncio.FIRST_COMPLETED)
        finally:
            closing.cancel()
        if not self._pending.done():
            return _disconnected()
        pending, self._pending = self._pending, None
        message = pending.result()
        if message['type'] == 'websocket.disconnect':
            self._over = True
        return message

    async def send(self, message):
        """Pass `message` on; what the application still sends after the close is dropped."""
        if self._closing.is_set():
            return
        if message['type'] == 'websocket.close':
            self._over = True
        await self._send(message)

    async def close(self):
        """Close with 1012 within a second; nothing where it is closed already."""
        if self._over:
            return
        await asyncio.sleep(random.random() * _JITTER_SECONDS)
        if self._over:
            return
        self._over = True
        try:
            await self._send({'type': 'websocket.close', 'code': SERVICE_RESTART})
        except Exception:  # the client was quicker
            pass
        self._closing.set()

    def release(self):
        """Forget what was still awaited from the server."""
        if self._pending is not None:
            self._pending.cancel()


def _disconnected():
    return {'type': 'websocket.disconnect', 'code': SERVICE_RESTART}
