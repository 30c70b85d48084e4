"""A folder on its way to another host: out of one as a compressed stream, into the other as files."""
import hashlib
import os
import shutil
import stat

from slipway_host import frames
from slipway_host.calls import Refused

CHUNK = 256 * 1024
# So many bytes are sent before the other end has said that it has taken the first of them.
WINDOW = 64 * CHUNK


class Sender:
    """A file to write to. Each byte of the call's data is the word that a chunk has been taken."""

    def __init__(self, call):
        self.call = call
        self.taken = call.data()
        self.waiting = 0
        self.held = bytearray()

    def write(self, data):
        self.held += data
        while len(self.held) >= CHUNK:
            self.send(CHUNK)

    def flush(self):
        """What is held goes with the next chunk, or when it is closed."""

    def send(self, count):
        while self.waiting >= WINDOW:
            words = next(self.taken, None)
            if words is None:
                raise Refused('RELAY_BROKEN', 'The other host takes no more')
            self.waiting -= len(words) * CHUNK
        self.call.send(frames.OUT, bytes(self.held[:count]))
        del self.held[:count]
        self.waiting += CHUNK

    def close(self):
        """An empty piece tells that it was the last."""
        if self.held:
            self.send(len(self.held))
        self.call.send(frames.OUT, b'')


def pack(call):
    """Sends what is below `path`. `without`: names directly in it that are passed over. `known`: hashes by path of files that need not be sent.

    `foreign`: links to what is below it stay behind."""
    import gzip  # Seldom wanted, and slow to load.
    import tarfile

    root, without, known, foreign = call.args['path'], set(call.args['without']), call.args['known'], call.args['foreign']
    sender = Sender(call)
    count = 0
    # tarfile itself takes a level for a stream since Python 3.12 alone.
    with gzip.GzipFile('', 'wb', 1, sender, 0) as stream, tarfile.open(fileobj=stream, mode='w|', format=tarfile.PAX_FORMAT) as archive:
        for path in below(root, without):
            if call.cancelled.is_set():
                raise Refused('CANCELLED', 'Stopped on request')
            whole = os.path.join(root, path)
            found = os.lstat(whole)
            regular = stat.S_ISREG(found.st_mode)
            if not (regular or stat.S_ISDIR(found.st_mode) or stat.S_ISLNK(found.st_mode)):
                continue
            if regular and path in known and digest(whole) == known[path]:
                continue
            if foreign and stat.S_ISLNK(found.st_mode) and os.readlink(whole).startswith(foreign + '/'):
                continue
            member = archive.gettarinfo(whole, path)
            if regular:
                # One of several names of a file is a file here.
                member.type, member.linkname, member.size = tarfile.REGTYPE, '', found.st_size
                with open(whole, 'rb') as file:
                    archive.addfile(member, file)
                count += 1
            else:
                archive.addfile(member)
    sender.close()
    return count


def below(root, without):
    left = sorted((name for name in os.listdir(root) if name not in without), reverse=True)
    while left:
        path = left.pop()
        yield path
        whole = os.path.join(root, path)
        if os.path.isdir(whole) and not os.path.islink(whole):
            left.extend(sorted((os.path.join(path, name) for name in os.listdir(whole)), reverse=True))


def digest(path):
    found = hashlib.sha256()
    with open(path, 'rb') as file:
        for data in iter(lambda: file.read(CHUNK), b''):
            found.update(data)
    return found.hexdigest()


class Receiver:
    """A file to read from: the call's data."""

    def __init__(self, call):
        self.chunks = call.data()
        self.held = b''

    def read(self, count):
        while len(self.held) < count:
            chunk = next(self.chunks, None)
            if chunk is None:
                break
            self.held += chunk
        data, self.held = self.held[:count], self.held[count:]
        return data


def unpack(call):
    """Has what comes below `path`, modes and times kept; what is there under the same name is replaced."""
    import tarfile

    root = call.args['path']
    os.makedirs(root, exist_ok=True)
    folders = []
    receiver = Receiver(call)
    with tarfile.open(fileobj=receiver, mode='r|gz') as archive:
        for member in archive:
            target = inside(root, member.name)
            if member.isdir():
                if os.path.islink(target) or not os.path.isdir(target):
                    clear(target)
                    os.makedirs(target)
                folders.append((target, member))
            elif member.issym():
                clear(target)
                os.symlink(member.linkname, target)
            elif member.isreg():
                place(archive.extractfile(member), target, member)
    for target, member in reversed(folders):
        finish(target, member)
    while receiver.read(CHUNK):
        pass


def inside(root, name):
    parts = name.split('/')
    if name.startswith('/') or '..' in parts:
        raise Refused('RELAY_BROKEN', 'A path leads out of its folder', path=name)
    target = os.path.join(root, name)
    parent = os.path.dirname(target)
    os.makedirs(parent, exist_ok=True)
    return target


def clear(target):
    if os.path.isdir(target) and not os.path.islink(target):
        shutil.rmtree(target)
    elif os.path.lexists(target):
        os.unlink(target)


def place(source, target, member):
    clear(target)
    with open(target, 'xb') as file:
        shutil.copyfileobj(source, file, CHUNK)
    finish(target, member)


def finish(target, member):
    mode = member.mode & 0o777
    if os.path.isdir(target):
        # It keeps whose group its files get.
        mode |= os.lstat(target).st_mode & stat.S_ISGID
    os.chmod(target, mode)
    os.utime(target, (member.mtime, member.mtime))


OPERATIONS = {'pack': (pack, True), 'unpack': (unpack, True)}
