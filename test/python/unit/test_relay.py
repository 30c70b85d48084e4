"""A folder goes from one host to another whole, and nothing of it leads out of where it goes."""
import io
import os
import queue
import stat
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, PYTHON)
from slipway_host import calls, relay


class Writer:
    def __init__(self):
        self.sent = []

    def send(self, number, kind, payload):
        self.sent.append(payload)


def call_of(args, chunks=()):
    call = calls.Call(1, args, Writer())
    call.incoming = queue.Queue()
    for chunk in list(chunks) + [None]:
        call.incoming.put(chunk)
    return call


def packed(path, **more):
    call = call_of(dict({'path': path, 'without': [], 'known': {}, 'foreign': None}, **more), [b'.' * 1000])
    relay.pack(call)
    return call.writer.sent


def unpack(path, chunks):
    relay.unpack(call_of({'path': path}, chunks))


class Relayed(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = os.path.join(folder.name, 'from')
        self.target = os.path.join(folder.name, 'to')
        os.makedirs(os.path.join(self.source, 'deep', 'empty'))
        self.write('deep/file.py', 'x = 1\n', 0o640, 1234567)
        self.write('run', '#!/bin/sh\n', 0o755, 1)
        self.write('big', os.urandom(700000).hex(), 0o644, 2)
        os.symlink('deep/file.py', os.path.join(self.source, 'link'))
        os.symlink('/srv/other/data/media', os.path.join(self.source, 'media'))
        os.link(os.path.join(self.source, 'run'), os.path.join(self.source, 'twin'))

    def write(self, path, text, mode, time):
        whole = os.path.join(self.source, path)
        with open(whole, 'w') as file:
            file.write(text)
        os.chmod(whole, mode)
        os.utime(whole, (time, time))

    def there(self, path=''):
        return sorted(os.listdir(os.path.join(self.target, path)))

    def test_all_of_it_with_modes_and_times(self):
        sent = packed(self.source)
        self.assertEqual(sent[-1], b'')
        self.assertGreater(len(sent), 2)
        unpack(self.target, sent[:-1])
        self.assertEqual(self.there(), ['big', 'deep', 'link', 'media', 'run', 'twin'])
        self.assertEqual(self.there('deep'), ['empty', 'file.py'])
        found = os.lstat(os.path.join(self.target, 'deep/file.py'))
        self.assertEqual((stat.S_IMODE(found.st_mode), found.st_mtime), (0o640, 1234567))
        self.assertEqual(os.readlink(os.path.join(self.target, 'link')), 'deep/file.py')
        for path in ('big', 'twin'):
            with open(os.path.join(self.source, path)) as one, open(os.path.join(self.target, path)) as other:
                self.assertEqual(one.read(), other.read())

    def test_what_stays_behind(self):
        known = {'run': relay.digest(os.path.join(self.source, 'run')), 'big': 'another'}
        unpack(self.target, packed(self.source, without=['deep'], known=known, foreign='/srv/other')[:-1])
        self.assertEqual(self.there(), ['big', 'link', 'twin'])

    def test_what_is_there_is_replaced_and_not_written_through(self):
        os.makedirs(os.path.join(self.target, 'run'))
        outside = os.path.join(os.path.dirname(self.target), 'outside')
        with open(outside, 'w') as file:
            file.write('mine')
        os.symlink(outside, os.path.join(self.target, 'big'))
        os.symlink(os.path.dirname(self.target), os.path.join(self.target, 'deep'))
        unpack(self.target, packed(self.source)[:-1])
        with open(outside) as file:
            self.assertEqual(file.read(), 'mine')
        self.assertFalse(os.path.islink(os.path.join(self.target, 'deep')))
        self.assertTrue(os.path.isfile(os.path.join(self.target, 'run')))

    def test_no_path_leads_out(self):
        for name in ('../evil', '/evil', 'a/../../evil'):
            stream = io.BytesIO()
            with tarfile.open(fileobj=stream, mode='w:gz') as archive:
                archive.addfile(tarfile.TarInfo(name), io.BytesIO())
            with self.assertRaises(calls.Refused):
                unpack(self.target, [stream.getvalue()])
        self.assertFalse(os.path.exists(os.path.join(os.path.dirname(self.target), 'evil')))

    def test_it_sends_no_further_ahead_than_it_was_told(self):
        big = os.path.join(self.source, 'huge')
        with open(big, 'wb') as file:
            file.write(os.urandom(relay.WINDOW + 3 * relay.CHUNK))
        call = call_of({'path': self.source, 'without': [], 'known': {}, 'foreign': None})
        with self.assertRaises(calls.Refused):
            relay.pack(call)
        self.assertEqual(len(call.writer.sent), relay.WINDOW // relay.CHUNK)


if __name__ == '__main__':
    unittest.main()
