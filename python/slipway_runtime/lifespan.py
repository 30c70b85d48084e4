"""The lifespan protocol for applications that have it, and for those (Django) that do not."""


async def run(app, scope, receive, send):
    """Run `app` for a lifespan scope; where it gives up, or returns, before it has answered, answer in its place.

    Raises what an application raises after its start-up was answered.
    """
    state = _State(receive, send)
    try:
        await app(scope, state.receive, state.send)
    except Exception:
        if state.answered:
            raise
    if not state.failed:
        await state.finish()


class _State:
    def __init__(self, receive, send):
        self._receive = receive
        self._send = send
        self._received = set()
        self._sent = set()

    @property
    def answered(self):
        return bool(self._sent)

    @property
    def failed(self):
        return any(kind.endswith('.failed') for kind in self._sent)

    async def receive(self):
        message = await self._receive()
        self._received.add(message['type'])
        return message

    async def send(self, message):
        self._sent.add(message['type'])
        await self._send(message)

    async def finish(self):
        for event in ('lifespan.startup', 'lifespan.shutdown'):
            while event not in self._received:
                await self.receive()
            if event + '.complete' not in self._sent:
                await self.send({'type': event + '.complete'})
