"""What stands between the app server and the project's WSGI application."""
import os
from http.client import responses

from . import forwarded, health, inside, request_id


def wrap(app):
    """The WSGI application around `app`: health answers, the client's address and scheme, the request's id."""

    def application(environ, start_response):
        path = environ.get('PATH_INFO', '')
        if health.is_health(path):
            status, headers, body = health.answer(environ['REQUEST_METHOD'], path)
            start_response('%d %s' % (status, responses[status]), headers)
            return [body] if body else []
        environ.pop(_TOKEN, None)
        _believe_the_edge(environ)
        if inside.is_asked(path, environ.get('HTTP_X_SLIPWAY_VERIFY', '')):
            from django.core.handlers.wsgi import WSGIRequest

            status, headers, body = inside.report(WSGIRequest(environ))
            start_response('%d %s' % (status, responses[status]), headers)
            return [body]
        request_id.set(request_id.clean(environ.get('HTTP_X_REQUEST_ID', '')))
        return app(environ, _reading_all(environ, start_response) if READS_ALL else start_response)

    return application


# Apache loses an answer that comes before it has sent the whole request: https://bz.apache.org/bugzilla/show_bug.cgi?id=55475
READS_ALL = os.environ.get('SLIPWAY_READ_ALL') == '1'
_CHUNK = 1 << 16
# What the edge is known by, where other programs reach the app's server too: nobody else is to know it.
_TOKEN = 'HTTP_X_SLIPWAY_EDGE'


def _reading_all(environ, start_response):
    """`start_response` that first takes what the application has left of the request; the edge has bounded it."""

    def start(*args):
        body = environ['wsgi.input']
        try:
            while body.read(_CHUNK):
                pass
        except Exception:  # The client has gone; the server will see.
            pass
        return start_response(*args)

    return start


def _believe_the_edge(environ):
    client = forwarded.address(environ.get('HTTP_X_REAL_IP', ''))
    # Over a unix socket the server knows no peer: '' breaks every inet field and rate limit.
    if client or not environ.get('REMOTE_ADDR'):
        environ['REMOTE_ADDR'] = client or forwarded.LOOPBACK
        environ['REMOTE_PORT'] = '0'
    scheme = forwarded.scheme(environ.get('HTTP_X_FORWARDED_PROTO', ''))
    if scheme:
        environ['wsgi.url_scheme'] = scheme
