"""The WSGI wrapper between a server and an application, with wsgiref's validator on every side."""
import json
import os
import sys
import unittest
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, PYTHON)
from slipway_runtime import application, request_id
from slipway_runtime.wsgi_wrapper import wrap

SEEN = {}


def app(environ, start_response):
    SEEN.clear()
    SEEN.update(environ, request_id=request_id.get())
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'the app']


def outer(inner):
    def middleware(environ, start_response):
        environ['order'] = environ.get('order', '') + 'outer '
        return inner(environ, start_response)

    return validator(middleware)


def inner(app):
    def middleware(environ, start_response):
        environ['order'] = environ.get('order', '') + 'inner '
        return app(environ, start_response)

    return validator(middleware)


validated = validator(app)


def request(application, path='/', method='GET', **more):
    environ = {'REQUEST_METHOD': method, 'SCRIPT_NAME': '', 'PATH_INFO': path, 'QUERY_STRING': ''}
    environ.update(more)
    setup_testing_defaults(environ)
    told = {}

    def start_response(status, headers, exc_info=None):
        told.update(status=status, headers=dict(headers))
        return lambda data: None

    result = application(environ, start_response)
    try:
        body = b''.join(result)
    finally:
        if hasattr(result, 'close'):
            result.close()
    return told['status'], told['headers'], body


class Wsgi(unittest.TestCase):
    def stack(self, *names):
        environ = {'SLIPWAY_APPLICATION': __name__ + ':validated', 'SLIPWAY_MIDDLEWARE': json.dumps(['%s:%s' % (__name__, name) for name in names])}
        return validator(wrap(validator(application.load(environ, None))))

    def test_every_layer_keeps_to_the_protocol_and_the_first_is_outermost(self):
        status, headers, body = request(self.stack('outer', 'inner'), HTTP_X_REQUEST_ID='r-1')
        self.assertEqual((status, body), ('200 OK', b'the app'))
        self.assertEqual(SEEN['order'], 'outer inner ')
        self.assertEqual(SEEN['request_id'], 'r-1')

    def test_what_the_edge_says_of_the_client(self):
        table = [
            (dict(HTTP_X_REAL_IP='203.0.113.9', HTTP_X_FORWARDED_PROTO='https', REMOTE_ADDR=''), ('203.0.113.9', '0', 'https')),
            (dict(HTTP_X_REAL_IP='2001:DB8::1', HTTP_X_FORWARDED_PROTO='http', REMOTE_ADDR=''), ('2001:db8::1', '0', 'http')),
            (dict(REMOTE_ADDR=''), ('127.0.0.1', '0', 'http')),
            (dict(HTTP_X_REAL_IP='<script>', HTTP_X_FORWARDED_PROTO='gopher', REMOTE_ADDR='10.0.0.1'), ('10.0.0.1', None, 'http')),
        ]
        for environ, expected in table:
            request(self.stack(), **environ)
            self.assertEqual((SEEN['REMOTE_ADDR'], SEEN.get('REMOTE_PORT'), SEEN['wsgi.url_scheme']), expected)

    def test_what_the_edge_is_known_by_is_not_told(self):
        request(self.stack('outer'), HTTP_X_SLIPWAY_EDGE='secret')
        self.assertNotIn('secret', SEEN.values())

    def test_live_is_answered_before_any_middleware(self):
        os.environ['SLIPWAY_RELEASE'] = '20261121-1'
        self.addCleanup(os.environ.pop, 'SLIPWAY_RELEASE')
        SEEN.clear()
        status, headers, body = request(self.stack('outer'), '/-/health/live')
        self.assertEqual((status, json.loads(body.decode())), ('200 OK', {'live': True, 'release': '20261121-1'}))
        self.assertEqual(SEEN, {})
        status, headers, body = request(self.stack(), '/-/health/live', 'HEAD')
        self.assertEqual((status, body), ('200 OK', b''))
        status, headers, body = request(self.stack(), '/-/health/ready', 'POST')
        self.assertEqual((status, headers['Allow']), ('405 Method Not Allowed', 'GET, HEAD'))

    def test_ready_without_django_says_what_is_wrong(self):
        status, headers, body = request(self.stack(), '/-/health/ready')
        told = json.loads(body.decode())
        self.assertEqual(status, '503 Service Unavailable')
        self.assertFalse(told['ready'])
        self.assertIn('django', told['checks']['database'])


class Loading(unittest.TestCase):
    def test_only_a_module_that_is_not_there_falls_back(self):
        load = application.load
        self.assertEqual(load({}, lambda: 'fallback'), 'fallback')
        self.assertEqual(load({'SLIPWAY_APPLICATION': 'no.such.module:application'}, lambda: 'fallback'), 'fallback')
        self.assertIs(load({'SLIPWAY_APPLICATION': __name__ + ':app'}, None), app)
        with self.assertRaises(AttributeError):
            load({'SLIPWAY_APPLICATION': __name__ + ':nothing'}, lambda: 'fallback')
        with self.assertRaises(ValueError):
            load({'SLIPWAY_APPLICATION': __name__ + ':app', 'SLIPWAY_MIDDLEWARE': '"x:y"'}, None)


if __name__ == '__main__':
    unittest.main()
