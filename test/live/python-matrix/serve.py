"""Serves the project through the wrapper under wsgiref, between two validators, asks it a few things and prints the answers as JSON."""
import json
import sys
import threading
import urllib.error
import urllib.request
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.validate import validator

from slipway_runtime.wsgi import application


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


def ask(port, path, headers):
    opener = urllib.request.build_opener(NoRedirect)
    request = urllib.request.Request('http://127.0.0.1:%d%s' % (port, path), headers=headers)
    try:
        answer = opener.open(request, timeout=30)
    except urllib.error.HTTPError as error:
        answer = error
    body = answer.read().decode('utf-8')
    return {'status': answer.getcode(), 'headers': {name.lower(): value for name, value in answer.headers.items()}, 'body': body}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


server = make_server('127.0.0.1', 0, validator(application), handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
answers = {name: ask(server.server_port, path, headers) for name, path, headers in json.load(sys.stdin)}
server.shutdown()
print(json.dumps(answers))
