"""Steps one after the other, each judged just before it is done: one question and one answer, however many there are.

A step is {"kind": "file", "path", "mode", "data"}, {"kind": "link", "path", "to"}, {"kind": "folder", "path", "mode"}, {"kind": "remove", "path"} or
{"kind": "exec", "exec": arguments of `exec`, "check": {"exec"}, {"exists": [path]}, {"alike": [path, path]} or null}; `data` is in base64.
"""
import base64
import json

from slipway_host import commands, files, frames
from slipway_host.calls import Refused, refusal


class Part:
    """One operation of a step, as if it were a call of its own."""

    def __init__(self, whole, args, body=b'', sent=None):
        self.args = args
        self.body = body
        self.cancelled = whole.cancelled
        self.cancel_hooks = whole.cancel_hooks
        self.sent = sent

    def send(self, kind, payload):
        if self.sent is not None:
            self.sent(kind, payload)

    def data(self):
        return [self.body]


def sequence(call):
    """Does the steps that follow the request, and tells of each as it goes, a JSON object a line.

    Gives {} when all are as they are to be, else how the first ended that failed: {"failed": its number, "code"} of a command, or "error".
    With `judge`, nothing is done: {"failed": the number of the first that would do something}.
    """
    steps = json.loads(b''.join(call.data()).decode('utf-8'))
    if call.args.get('judge'):
        return next(({'failed': number} for number, step in enumerate(steps) if not is_same(call, step)), {})
    for number, step in enumerate(steps):
        if call.cancelled.is_set():
            raise Refused('CANCELLED', 'Stopped on request')
        try:
            code = do_step(call, number, step)
        except Exception as error:
            if call.cancelled.is_set():
                raise
            return {'failed': number, 'error': refusal(error)}
        if code != 0:
            return {'failed': number, 'code': code}
    return {}


def do_step(call, number, step):
    """The exit code of its command; 0 of what is none."""

    def tell(event, **more):
        call.send(frames.OUT, json.dumps(dict(more, step=number, event=event)).encode('ascii') + b'\n')

    tell('started')
    if is_same(call, step):
        tell('same')
        return 0
    if step['kind'] == 'exec':
        code = exit_code(call, step['exec'], lambda kind, data: tell('output', kind=kind, data=base64.b64encode(data).decode('ascii')))
        if code != 0:
            return code
        tell('done')
    elif step['kind'] == 'file':
        files.write(Part(call, step, base64.b64decode(step['data'])))
        tell('done')
    elif step['kind'] == 'link':
        tell('done', ms=files.link(Part(call, step))['ms'])
    else:
        {'folder': files.folder, 'remove': files.remove}[step['kind']](Part(call, step))
        tell('done')
    return 0


def is_same(call, step):
    """True where there is nothing to do."""
    if step['kind'] == 'file':
        return content(call, step['path']) == base64.b64decode(step['data'])
    if step['kind'] == 'link':
        return files.read_link(Part(call, step)) == step['to']
    if step['kind'] == 'folder':
        return is_there(call, step['path'])
    if step['kind'] == 'remove':
        return not is_there(call, step['path'])
    check = step['check'] or {}
    if 'exec' in check:
        return exit_code(call, check['exec']) == 0
    if 'exists' in check:
        return all(is_there(call, path) for path in check['exists'])
    if 'alike' in check:
        one, other = [content(call, path) for path in check['alike']]
        return one is not None and one == other
    return False


def is_there(call, path):
    return files.look(Part(call, {'path': path})) is not None


def content(call, path):
    """None where there is no such file."""
    parts = []
    there = files.read(Part(call, {'path': path}, sent=lambda kind, data: parts.append(data)))
    return b''.join(parts) if there else None


def exit_code(call, args, sent=None):
    ended = commands.run(Part(call, args, sent=sent))
    if call.cancelled.is_set():
        raise Refused('CANCELLED', 'Stopped on request')
    if ended['timedOut']:
        raise Refused('COMMAND_TIMEOUT', '%s did not end within %s s' % (args['argv'][0], args['timeout']))
    return ended['code']


OPERATIONS = {'sequence': (sequence, True)}
