"""A lock that is held for as long as it is wanted: whoever holds it is alive, since it ends with the session."""
import fcntl
import json
import os
import stat

from slipway_host import frames, survey

FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


def hold(call):
    """Takes the lock at once or not at all: {"taken": what its holder says of itself}.

    When it is held, says so with what the files of `survey` hold then, and ends when the call is cancelled.
    """
    args = call.args
    descriptor = os.open(args['file'], FLAGS, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return {'taken': holder_of(args['file'])}
        with os.fdopen(os.open(args['file'] + '.holder', FLAGS | os.O_TRUNC, 0o644), 'w', encoding='utf-8') as file:
            file.write(args['holder'])
        call.send(frames.OUT, json.dumps(survey.survey(args['survey'])).encode('ascii') + b'\n')
        call.cancelled.wait()
        return {}
    finally:
        os.close(descriptor)


def holder_of(path):
    try:
        with os.fdopen(os.open(path + '.holder', os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW), encoding='utf-8', errors='replace') as file:
            return file.read(4096) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else ''
    except OSError:
        return ''


OPERATIONS = {'lock': (hold, True)}
