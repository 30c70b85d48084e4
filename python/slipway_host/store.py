"""Files by the hash of their content: what is here already is linked into place, the rest comes in one compressed stream."""
import ctypes
import hashlib
import json
import os
import shutil
import struct
import time
import zlib

from slipway_host import frames
from slipway_host.calls import Refused

SIZE = struct.Struct('>Q')
CHUNK = 1024 * 1024
# A file of the store keeps this time: another one tells that somebody has written into a link of it.
WRITTEN_AT = 1
AGE_OF_REST = 24 * 3600
# What has come whole is kept at least this often, so that a cut connection does not begin from the start.
BATCH_BYTES = 32 * 1024 * 1024
FEW = 8

open_folders = set()


class Stream:
    """The decompressed bytes of a call's data, one deflate stream after another, read in pieces of a given length."""

    def __init__(self, chunks):
        self.chunks = chunks
        self.inflate = zlib.decompressobj()
        self.left = b''

    def some(self, most):
        while not self.left:
            pending = self.inflate.unconsumed_tail
            if self.inflate.eof:
                pending, self.inflate = self.inflate.unused_data, zlib.decompressobj()
            pending = pending or next(self.chunks, None)
            if pending is None:
                raise Refused('SYNC_BROKEN', 'The stream of files ended too early')
            self.left = self.inflate.decompress(pending, CHUNK)
        data, self.left = self.left[:most], self.left[most:]
        return data

    def exactly(self, count):
        parts = []
        while count > 0:
            parts.append(self.some(count))
            count -= len(parts[-1])
        return b''.join(parts)


def sync(call):
    """First comes the list, then, after the answer which of it is wanted, the content of those, in that order.

    The list is JSON: {"files": [[path, hash, mode, size]...], "links": [[path, target]...]}.
    """
    args = call.args
    store, to = args['store'], args['to']
    stream = Stream(call.data())
    wanted = json.loads(stream.exactly(SIZE.unpack(stream.exactly(SIZE.size))[0]).decode('utf-8'))
    blobs = {}
    for _, name, mode, size in wanted['files']:
        blobs.setdefault((name, mode), size)
    keys = list(blobs)
    absent = [index for index, key in enumerate(keys) if not is_there(store, key, blobs[key])]
    call.send(frames.OUT, json.dumps(absent).encode('ascii'))
    receive(store, [(keys[index], blobs[keys[index]]) for index in absent], stream)
    place(store, to, wanted)
    return {'sent': len(absent)}


def path_of(store, key):
    name, mode = key
    return os.path.join(store, name[:2], '%s-%o' % (name[2:], mode))


def is_there(store, key, size):
    try:
        found = os.lstat(path_of(store, key))
    except OSError:
        return False
    return found.st_size == size and int(found.st_mtime) == WRITTEN_AT and found.st_nlink < 60000


def receive(store, blobs, stream):
    if not blobs:
        return
    rest = os.path.join(store, 'incoming')
    os.makedirs(rest, exist_ok=True)
    sweep(rest)
    folder = os.path.join(rest, '%d-%s' % (os.getpid(), os.urandom(4).hex()))
    os.mkdir(folder, 0o700)
    open_folders.add(folder)
    held, size_of_held = [], 0
    try:
        for number, (key, size) in enumerate(blobs):
            fresh = os.path.join(folder, str(number))
            save(stream, fresh, key, size)
            held.append((fresh, key))
            size_of_held += size
            if size_of_held > BATCH_BYTES:
                keep(store, folder, held)
                held, size_of_held = [], 0
        keep(store, folder, held)
    finally:
        forget(folder)


def keep(store, folder, held):
    """A name in the store means that its content survives a power cut."""
    flush(folder, [fresh for fresh, _ in held])
    for fresh, key in held:
        target = path_of(store, key)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.rename(fresh, target)


def forget(folder):
    open_folders.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


def end_all():
    """For a connection that ends in the middle of files."""
    for folder in list(open_folders):
        forget(folder)


def save(stream, fresh, key, size):
    name, mode = key
    digest = hashlib.sha256()
    with open(fresh, 'xb') as file:
        left = size
        while left > 0:
            data = stream.some(min(left, CHUNK))
            digest.update(data)
            file.write(data)
            left -= len(data)
        os.fchmod(file.fileno(), mode)
    if digest.hexdigest() != name:
        raise Refused('SYNC_CHANGED', 'A file changed while it was sent', hash=name)
    os.utime(fresh, (WRITTEN_AT, WRITTEN_AT))


def flush(folder, paths):
    """A few files each by itself: what else is on its way to the disk is another's."""
    if len(paths) <= FEW:
        for path in paths:
            with open(path, 'rb') as file:
                os.fsync(file.fileno())
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), folder)
    finally:
        os.close(descriptor)


def sweep(rest):
    """What connections that were cut have left."""
    for name in os.listdir(rest):
        path = os.path.join(rest, name)
        try:
            if time.time() - os.lstat(path).st_ctime > AGE_OF_REST:
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
        except OSError:
            pass


def place(store, to, wanted):
    os.makedirs(to, exist_ok=True)
    made = set()
    for path, name, mode, _ in wanted['files']:
        target = in_folder(to, path, made)
        try:
            link(store, (name, mode), target)
        except FileExistsError:
            replace(store, (name, mode), target)
    for path, destination in wanted['links']:
        target = in_folder(to, path, made)
        if not (os.path.islink(target) and os.readlink(target) == destination):
            if os.path.lexists(target):
                os.unlink(target)
            os.symlink(destination, target)


def link(store, key, target):
    """A link to what somebody else has been made the owner of is refused (proc_sys_fs(5), protected_hardlinks): then our own copy."""
    try:
        os.link(path_of(store, key), target)
    except PermissionError:
        renew(store, key)
        os.link(path_of(store, key), target)


def renew(store, key):
    """The file of the store as a new one, which belongs to us."""
    folder = os.path.join(store, 'incoming')
    os.makedirs(folder, exist_ok=True)
    fresh = os.path.join(folder, '%d-%s' % (os.getpid(), os.urandom(8).hex()))
    try:
        shutil.copyfile(path_of(store, key), fresh)
        os.chmod(fresh, key[1])
        os.utime(fresh, (WRITTEN_AT, WRITTEN_AT))
        os.rename(fresh, path_of(store, key))
    except BaseException:
        if os.path.lexists(fresh):
            os.unlink(fresh)
        raise


def in_folder(to, path, made):
    target = os.path.join(to, path)
    folder = os.path.dirname(target)
    if folder not in made:
        os.makedirs(folder, exist_ok=True)
        made.add(folder)
    return target


def replace(store, key, target):
    if os.path.samefile(path_of(store, key), target):
        return
    fresh = target + '.%d.new' % os.getpid()
    link(store, key, fresh)
    os.rename(fresh, target)


OPERATIONS = {'sync': (sync, True)}
