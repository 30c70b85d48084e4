"""Files: read, written beside and renamed into place, linked, listed, copied, removed."""
import errno
import itertools
import os
import shutil
import stat
import threading
import time

from slipway_host import frames
from slipway_host.calls import Refused

CHUNK = 256 * 1024
counter = itertools.count()
counter_lock = threading.Lock()


def beside(path):
    with counter_lock:
        return '%s.%d-%d.new' % (path, os.getpid(), next(counter))


def missing(error):
    return error.errno in (errno.ENOENT, errno.ENOTDIR)


def make_parents(path):
    os.makedirs(os.path.dirname(path) or '/', exist_ok=True)


def read(call):
    """Sends the content; False where there is no such file. `last`: no more than so many bytes of its end."""
    try:
        with open(call.args['path'], 'rb') as file:
            last = call.args.get('last')
            if last is not None:
                file.seek(max(0, os.fstat(file.fileno()).st_size - last))
            while True:
                data = file.read(CHUNK)
                if not data:
                    return True
                call.send(frames.OUT, data)
    except OSError as error:
        if missing(error):
            return False
        raise


def write(call):
    path, mode = call.args['path'], call.args['mode']
    make_parents(path)
    fresh = beside(path)
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, 'wb') as file:
            for data in call.data():
                file.write(data)
            os.fchmod(descriptor, mode)
            file.flush()
            os.fsync(descriptor)
        os.rename(fresh, path)
    except BaseException:
        try:
            os.unlink(fresh)
        except OSError:
            pass
        raise


def look(call):
    """The kind of what is there, with its mode, owner and size; None where nothing is."""
    try:
        found = os.lstat(call.args['path'])
    except OSError as error:
        if missing(error):
            return None
        raise
    kinds = ((stat.S_ISDIR, 'folder'), (stat.S_ISREG, 'file'), (stat.S_ISLNK, 'link'))
    kind = next((name for test, name in kinds if test(found.st_mode)), 'other')
    return {'kind': kind, 'mode': stat.S_IMODE(found.st_mode), 'uid': found.st_uid, 'gid': found.st_gid, 'size': found.st_size}


def read_link(call):
    try:
        return os.readlink(call.args['path'])
    except OSError as error:
        if missing(error) or error.errno == errno.EINVAL:
            return None
        raise


def link(call):
    path = call.args['path']
    began = time.monotonic()
    make_parents(path)
    fresh = beside(path)
    os.symlink(call.args['to'], fresh)
    try:
        os.rename(fresh, path)
    except OSError:
        os.unlink(fresh)
        raise
    return {'ms': (time.monotonic() - began) * 1000}


def folder(call):
    path, mode = call.args['path'], call.args['mode']
    if os.path.isdir(path):
        return
    make_parents(path)
    try:
        os.mkdir(path, mode)
        os.chmod(path, mode)
    except FileExistsError:
        if not os.path.isdir(path):
            raise


def remove(call):
    path = call.args['path']
    try:
        if stat.S_ISDIR(os.lstat(path).st_mode):
            shutil.rmtree(path)
        else:
            os.unlink(path)
    except OSError as error:
        if not missing(error):
            raise
        if os.path.lexists(path):
            # Somebody else has removed a part of it at the same time.
            shutil.rmtree(path, ignore_errors=True)


def names(call):
    try:
        return sorted(os.listdir(call.args['path']))
    except OSError as error:
        if missing(error):
            return []
        raise


def files_below(call):
    root, without, found = call.args['path'], set(call.args.get('without') or ()), []
    left = ['']
    while left:
        below = left.pop()
        try:
            entries = list(os.scandir(os.path.join(root, below)))
        except OSError as error:
            if missing(error):
                continue
            raise
        for entry in entries:
            name = below + entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in without:
                    left.append(name + '/')
            elif entry.is_file(follow_symlinks=False):
                found.append(name)
    return sorted(found)


def copy(call):
    source, target = call.args['from'], call.args['to']
    make_parents(target)
    if stat.S_ISDIR(os.lstat(source).st_mode):
        copy_folder(source, target, call)
    else:
        copy_file(source, target)


def copy_folder(source, target, call):
    os.makedirs(target, exist_ok=True)
    for entry in os.scandir(source):
        if call.cancelled.is_set():
            raise Refused('CANCELLED', 'Stopped on request')
        to = os.path.join(target, entry.name)
        if entry.is_dir(follow_symlinks=False):
            copy_folder(entry.path, to, call)
        else:
            copy_file(entry.path, to)
    shutil.copystat(source, target)


def copy_file(source, target):
    """What is in place of the copy is replaced in one step. A socket or a pipe is passed over."""
    found = os.lstat(source)
    fresh = beside(target)
    if stat.S_ISLNK(found.st_mode):
        os.symlink(os.readlink(source), fresh)
    elif stat.S_ISREG(found.st_mode):
        shutil.copyfile(source, fresh)
        os.chmod(fresh, stat.S_IMODE(found.st_mode))
    else:
        return
    os.rename(fresh, target)


def hard_links(call):
    source, target = call.args['from'], call.args['to']
    for name in call.args['files']:
        to = os.path.join(target, name)
        make_parents(to)
        try:
            os.link(os.path.join(source, name), to, follow_symlinks=False)
        except FileExistsError:
            pass
        except OSError as error:
            if not missing(error):
                raise


OPERATIONS = {
    'read': (read, False),
    'write': (write, True),
    'look': (look, False),
    'readLink': (read_link, False),
    'link': (link, False),
    'folder': (folder, False),
    'remove': (remove, False),
    'list': (names, False),
    'files': (files_below, False),
    'copy': (copy, False),
    'hardLinks': (hard_links, False),
}
