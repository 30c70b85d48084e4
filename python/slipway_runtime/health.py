"""``/-/health/live`` and ``/-/health/ready``: answered here, before any of the project's middleware."""
import json
import os

from .background import Background, age
from .readiness import Readiness

LIVE = '/-/health/live'
READY = '/-/health/ready'

_readiness = Readiness()
# Made before the application is loaded: this module is imported first.
background = Background()


def is_health(path):
    """True for the two paths answered here."""
    return path == LIVE or path == READY


def answer(method, path):
    """(status code, [(name, value)…], body) for a request to one of the two. Never raises; may wait some seconds for the checks."""
    if method not in ('GET', 'HEAD'):
        return _json(405, {'error': 'only GET and HEAD'}, method, [('Allow', 'GET, HEAD')])
    release = os.environ.get('SLIPWAY_RELEASE', '')
    if path == LIVE:
        return _json(200, {'live': True, 'release': release}, method)
    checks = _readiness.checks()
    ready = all(result == 'ok' for result in checks.values())
    document = {'ready': ready, 'release': release, 'checks': checks, 'background': background.names(), 'age': round(age(), 2)}
    return _json(200 if ready else 503, document, method)


def _json(status, document, method, headers=()):
    body = json.dumps(document).encode('utf-8')
    fields = [('Content-Type', 'application/json'), ('Content-Length', str(len(body))), ('Cache-Control', 'no-store')]
    return status, fields + list(headers), b'' if method == 'HEAD' else body
