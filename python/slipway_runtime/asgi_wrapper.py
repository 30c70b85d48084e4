"""What stands between the app server and the project's ASGI application."""
import asyncio
import inspect

from . import forwarded, health, inside, lifespan, request_id
from .drain import Drain

# What the edge is known by, where other programs reach the app's server too: nobody else is to know it.
_TOKEN = b'x-slipway-edge'
_SECURE = {'http': {'http': 'http', 'https': 'https'}, 'websocket': {'http': 'ws', 'https': 'wss'}}


def wrap(app, drain_flag=''):
    """The ASGI application around `app`: health answers, the client's address and scheme, the request's id, lifespan for apps without it.

    While the file `drain_flag` exists, open websockets are closed with 1012 (service restart).
    """
    app = _single_callable(app)
    drain = Drain(drain_flag) if drain_flag else None

    async def application(scope, receive, send):
        kind = scope['type']
        if kind == 'lifespan':
            await lifespan.run(app, scope, receive, send)
            return
        if kind == 'http' and health.is_health(scope.get('path', '')):
            await _answer_health(scope, send)
            return
        if kind in _SECURE:
            headers = _headers(scope)
            scope = _believe_the_edge(scope, headers)
            request_id.set(request_id.clean(headers.get(b'x-request-id', '')))
            if inside.is_asked(scope.get('path', ''), headers.get(b'x-slipway-verify', '')):
                await _tell_inside(scope, receive, send)
                return
        if kind == 'websocket' and drain:
            await drain.run(app, scope, receive, send)
            return
        await app(scope, receive, send)

    return application


async def _answer_health(scope, send):
    loop = asyncio.get_event_loop()
    await _answer(send, *await loop.run_in_executor(None, health.answer, scope['method'], scope['path']))


async def _tell_inside(scope, receive, send):
    if scope['type'] == 'websocket':
        # That it came so far is the answer.
        await receive()
        await send({'type': 'websocket.accept'})
        await send({'type': 'websocket.close', 'code': 1000})
        return
    await _answer(send, *await asyncio.get_event_loop().run_in_executor(None, _told_inside, scope))


def _told_inside(scope):
    import io

    from django.core.handlers.asgi import ASGIRequest

    return inside.report(ASGIRequest(scope, io.BytesIO()))


async def _answer(send, status, headers, body):
    encoded = [(name.lower().encode('ascii'), value.encode('ascii')) for name, value in headers]
    await send({'type': 'http.response.start', 'status': status, 'headers': encoded})
    await send({'type': 'http.response.body', 'body': body})


def _headers(scope):
    return {bytes(name).lower(): bytes(value).decode('latin-1') for name, value in scope.get('headers') or ()}


def _believe_the_edge(scope, headers):
    changed = dict(scope)
    if _TOKEN in headers:
        changed['headers'] = [each for each in scope['headers'] if bytes(each[0]).lower() != _TOKEN]
    client = forwarded.address(headers.get(b'x-real-ip', ''))
    # Without a peer Django's request has no REMOTE_ADDR at all.
    if client or not scope.get('client') or not scope['client'][0]:
        changed['client'] = (client or forwarded.LOOPBACK, 0)
    scheme = forwarded.scheme(headers.get(b'x-forwarded-proto', ''))
    if scheme:
        changed['scheme'] = _SECURE[scope['type']][scheme]
    return changed


def _single_callable(app):
    # Applications of the first ASGI version (Channels 2) take the scope alone, and return what takes receive and send.
    if not _takes_scope_alone(app):
        return app

    async def single(scope, receive, send):
        await app(scope)(receive, send)

    return single


def _takes_scope_alone(app):
    try:
        parameters = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return False
    positional = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) and each.default is each.empty]
    return len(positional) == 1 and not any(each.kind == each.VAR_POSITIONAL for each in parameters)
