"""Messages: length of the payload, number of the call, kind, payload. `src/hosts/ssh/frame.ts` is the other end."""
import os
import struct
import threading

REQUEST, DATA, END, CANCEL, PING = 1, 2, 3, 4, 5
RESULT, OUT, ERR = 16, 17, 18

HEADER = struct.Struct('>IIB')
MOST = 64 * 1024 * 1024


def read_exactly(stream, count):
    """The next bytes of a stream. Raises EOFError where it ends before."""
    data = stream.read(count)
    if data is None or len(data) < count:
        raise EOFError
    return data


def read_frame(stream):
    """(call, kind, payload). Raises EOFError at the end of the stream, ValueError for what is no frame."""
    length, call, kind = HEADER.unpack(read_exactly(stream, HEADER.size))
    if length > MOST:
        raise ValueError('a message of %d bytes' % length)
    return call, kind, read_exactly(stream, length)


class Writer:
    """Sends whole frames, from whichever thread."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.lock = threading.Lock()

    def send(self, call, kind, payload):
        data = HEADER.pack(len(payload), call, kind) + payload
        with self.lock:
            view = memoryview(data)
            while view:
                view = view[os.write(self.descriptor, view) :]
