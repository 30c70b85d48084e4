"""``/-/slipway/inside``: what Django itself makes of a request that came through the edge, for `slipway verify`.

Answered only to whoever knows the word in the file beside the drain's, which is there while a verification runs; to everybody else the path
is the project's own.
"""
import hmac
import json
import os

PATH = '/-/slipway/inside'
HEADER = 'X-Slipway-Verify'
SUFFIX = '.verify'


def is_asked(path, word):
    """True for a request to the path by one who knows the word."""
    if path != PATH or not word:
        return False
    drain = os.environ.get('SLIPWAY_DRAIN', '')
    if not drain.endswith('.drain'):
        return False
    try:
        with open(drain[: -len('.drain')] + SUFFIX, encoding='ascii') as file:
            known = file.read().strip()
    except (OSError, UnicodeDecodeError):
        return False
    return bool(known) and hmac.compare_digest(known.encode('ascii'), word.encode('utf-8', 'replace'))


def report(request):
    """(status code, [(name, value)…], body) that tell of a request of Django's. Never raises."""
    body = json.dumps(
        {
            'secure': _told(request.is_secure),
            'host': _told(request.get_host),
            'client': request.META.get('REMOTE_ADDR', ''),
            'url': _told(lambda: request.build_absolute_uri('/x')),
            'csrf': _told(lambda: _csrf(request)),
            'cookies': _told(_cookies),
            'release': os.environ.get('SLIPWAY_RELEASE', ''),
        }
    ).encode('ascii')
    fields = [('Content-Type', 'application/json'), ('Content-Length', str(len(body))), ('Cache-Control', 'no-store')]
    return 200, fields, body


def _told(ask):
    try:
        return ask()
    except Exception as error:
        return '%s: %s' % (type(error).__name__, error)


def _csrf(request):
    """'accepted' where a form that this site gave to this visitor would be, else why not."""
    from django.conf import settings
    from django.middleware.csrf import CsrfViewMiddleware, get_token

    token = get_token(request)
    secret = request.META['CSRF_COOKIE']
    request.COOKIES[settings.CSRF_COOKIE_NAME] = secret
    request.META[settings.CSRF_HEADER_NAME] = token
    if getattr(settings, 'CSRF_USE_SESSIONS', False):
        request.session = {'_csrftoken': secret}
    refusals = []

    class Middleware(CsrfViewMiddleware):
        def _reject(self, request, reason):
            refusals.append(str(reason))
            return reason

    middleware = Middleware(lambda request: None)
    if hasattr(middleware, 'process_request'):
        middleware.process_request(request)
    middleware.process_view(request, _view, (), {})
    return refusals[0] if refusals else 'accepted'


def _view(request):
    pass


def _cookies():
    """Of the cookies that matter: may they go over HTTP, may scripts read the session's."""
    from django.conf import settings

    return {
        'session_secure': bool(settings.SESSION_COOKIE_SECURE),
        'session_httponly': bool(settings.SESSION_COOKIE_HTTPONLY),
        'csrf_secure': bool(settings.CSRF_COOKIE_SECURE),
    }
