"""One call of the other end: its arguments, the data that follows it, and whether it is still wanted."""
import json
import queue
import threading

from slipway_host import frames

# Of data that comes faster than it is used, about 64 MB wait here; the rest waits in the connection.
MOST_WAITING = 512


class Refused(Exception):
    """Tells the other end a failure by its code; `more` is for the one who words it."""

    def __init__(self, code, message, **more):
        Exception.__init__(self, message)
        self.answer = dict(more, code=code, message=message)


def refusal(error):
    """What the other end is told of an exception; called while it is handled."""
    if isinstance(error, Refused):
        return error.answer
    if isinstance(error, OSError):
        import errno

        return {
            'code': 'OS',
            'errno': errno.errorcode.get(error.errno or 0, ''),
            'message': error.strerror or str(error),
            'path': error.filename if isinstance(error.filename, str) else None,
        }
    import traceback

    return {'code': 'BUG', 'message': '%s: %s' % (type(error).__name__, error), 'detail': traceback.format_exc()}


class Call:
    def __init__(self, number, args, writer):
        self.number = number
        self.args = args
        self.writer = writer
        self.incoming = queue.Queue(MOST_WAITING)
        self.cancelled = threading.Event()
        self.cancel_hooks = []

    def send(self, kind, payload):
        self.writer.send(self.number, kind, payload)

    def answer(self, result):
        self.send(frames.RESULT, json.dumps(result).encode('ascii'))

    def cancel(self):
        self.cancelled.set()
        for hook in list(self.cancel_hooks):
            hook()

    def data(self):
        """The chunks that follow the request, to their end. Raises Refused when the call is cancelled meanwhile."""
        while True:
            try:
                chunk = self.incoming.get(timeout=0.5)
            except queue.Empty:
                if self.cancelled.is_set():
                    raise Refused('CANCELLED', 'Stopped on request')
                continue
            if self.cancelled.is_set():
                raise Refused('CANCELLED', 'Stopped on request')
            if chunk is None:
                return
            yield chunk
