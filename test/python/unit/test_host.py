"""What works on a server: the parts of it that need no server."""
import base64
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import threading
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, PYTHON)
from slipway_host import commands, facts, files, frames, packages, sequence, sockets, store
from slipway_host.calls import Call, Refused


class Answers:
    def __init__(self):
        self.sent = []

    def send(self, number, kind, payload):
        self.sent.append((number, kind, payload))


def call(args, *chunks):
    made = Call(1, args, Answers())
    for chunk in chunks:
        made.incoming.put(chunk)
    made.incoming.put(None)
    return made


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='slipway-python-')
        self.addCleanup(shutil.rmtree, self.folder, True)

    def at(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.at(name), 'w') as file:
            file.write(text)
        return self.at(name)


class Sequence(Folder):
    def do(self, *steps, cancelled=False):
        made = call({}, json.dumps(steps).encode('ascii'))
        if cancelled:
            made.cancelled.set()
        answer = sequence.sequence(made)
        told = [json.loads(payload.decode('ascii')) for _, _, payload in made.writer.sent]
        return answer, [(one['step'], one['event']) for one in told if one['event'] != 'output'], told

    def steps(self, text):
        data = base64.b64encode(text.encode('utf-8')).decode('ascii')
        return [
            {'kind': 'folder', 'path': self.at('a folder'), 'mode': 0o750},
            {'kind': 'file', 'path': self.at('a folder', 'file'), 'mode': 0o640, 'data': data},
            {'kind': 'link', 'path': self.at('link'), 'to': 'a folder'},
            {
                'kind': 'exec',
                'exec': {'argv': ['cp', self.at('a folder', 'file'), self.at('copy')]},
                'check': {'alike': [self.at('a folder', 'file'), self.at('copy')]},
            },
            {'kind': 'remove', 'path': self.at('old')},
        ]

    def test_each_is_judged_by_what_those_before_it_have_left(self):
        self.write('old', 'old')
        answer, events, _ = self.do(*self.steps('first\u20ac'))
        self.assertEqual((answer, events), ({}, [(n, e) for n in range(5) for e in ('started', 'done')]))
        _, events, _ = self.do(*self.steps('first\u20ac'))
        self.assertEqual(events, [(n, e) for n in range(5) for e in ('started', 'same')])
        _, events, _ = self.do(*self.steps('second'))
        self.assertEqual([n for n, event in events if event == 'done'], [1, 3])
        with open(self.at('copy')) as file:
            self.assertEqual(file.read(), 'second')

    def test_the_first_that_fails_ends_it_with_its_code_and_its_words(self):
        fails = {'kind': 'exec', 'exec': {'argv': ['sh', '-c', 'echo out; echo err >&2; exit 3']}, 'check': None}
        never = {'kind': 'folder', 'path': self.at('never'), 'mode': 0o755}
        answer, events, told = self.do(fails, never)
        self.assertEqual((answer, events), ({'failed': 0, 'code': 3}, [(0, 'started')]))
        said = {one['kind']: base64.b64decode(one['data']) for one in told if one['event'] == 'output'}
        self.assertEqual(said, {frames.OUT: b'out\n', frames.ERR: b'err\n'})
        self.assertFalse(os.path.exists(self.at('never')))

    def test_what_cannot_be_done_is_told_as_any_refusal(self):
        self.write('file', '')
        answer, _, _ = self.do({'kind': 'folder', 'path': self.at('file', 'below'), 'mode': 0o755})
        self.assertEqual((answer['failed'], answer['error']['code'], answer['error']['errno'] in ('EEXIST', 'ENOTDIR')), (0, 'OS', True))
        answer, _, _ = self.do({'kind': 'exec', 'exec': {'argv': ['sleep', '9'], 'timeout': 0.1}, 'check': None})
        self.assertEqual(answer['error']['code'], 'COMMAND_TIMEOUT')
        answer, _, _ = self.do({'kind': 'exec', 'exec': {'argv': ['true']}, 'check': {'exec': {'argv': ['no-such-program']}}})
        self.assertEqual(answer['error']['code'], 'COMMAND_NOT_FOUND')

    def test_a_check_decides_and_says_nothing(self):
        def one(check):
            return self.do({'kind': 'exec', 'exec': {'argv': ['true']}, 'check': check})

        self.assertEqual(one({'exec': {'argv': ['echo', 'same']}})[1], [(0, 'started'), (0, 'same')])
        self.assertEqual(one({'exec': {'argv': ['sh', '-c', 'echo other; exit 1']}})[1], [(0, 'started'), (0, 'done')])
        self.assertEqual(one({'exists': [self.folder]})[1][-1], (0, 'same'))
        self.assertEqual(one({'exists': [self.folder, self.at('no')]})[1][-1], (0, 'done'))
        self.assertEqual(one({'alike': [self.at('no'), self.at('no')]})[1][-1], (0, 'done'))

    def test_a_stop_is_no_failure_of_a_step(self):
        with self.assertRaises(Refused) as refused:
            self.do({'kind': 'folder', 'path': self.at('never'), 'mode': 0o755}, cancelled=True)
        self.assertEqual(refused.exception.answer['code'], 'CANCELLED')
        self.assertFalse(os.path.exists(self.at('never')))


class Frames(unittest.TestCase):
    def test_what_is_written_is_read(self):
        read, write = os.pipe()
        frames.Writer(write).send(7, frames.OUT, b'\0payload')
        os.close(write)
        with os.fdopen(read, 'rb') as stream:
            self.assertEqual(frames.read_frame(stream), (7, frames.OUT, b'\0payload'))
            self.assertRaises(EOFError, frames.read_frame, stream)

    def test_what_is_no_frame_is_refused(self):
        self.assertRaises(ValueError, frames.read_frame, io.BytesIO(b'hello, world of shells'))


class Store(Folder):
    def sync(self, contents):
        """`contents`: path -> (bytes, mode). Sends what the store asks for; gives the indexes it asked for."""
        rows = [[path, hashlib.sha256(data).hexdigest(), mode, len(data)] for path, (data, mode) in contents.items()]
        listed = json.dumps({'files': rows, 'links': [['link', 'a']]}).encode()
        made = Call(1, {'store': self.at('store'), 'to': self.at('to')}, Answers())
        made.incoming.put(zlib.compress(store.SIZE.pack(len(listed)) + listed))
        result = []

        def work():
            try:
                result.append(store.sync(made))
            except Refused as refused:
                result.append(refused.answer['code'])

        thread = threading.Thread(target=work)
        thread.start()
        while not made.writer.sent and thread.is_alive():
            thread.join(0.01)
        absent = json.loads(made.writer.sent[0][2].decode())
        once = list({(hashlib.sha256(data).hexdigest(), mode): data for data, mode in contents.values()}.values())
        packed = zlib.compress(b''.join(once[index] for index in absent))
        for at in range(0, len(packed), 5):
            made.incoming.put(packed[at : at + 5])
        made.incoming.put(None)
        thread.join(20)
        return absent, result[0]

    def test_each_content_comes_once(self):
        absent, result = self.sync({'a': (b'one', 0o644), 'd/b': (b'one', 0o644), 'c': (b'one', 0o755), 'e': (b'', 0o644)})
        self.assertEqual((absent, result), ([0, 1, 2], {'sent': 3}))
        self.assertTrue(os.path.samefile(self.at('to', 'a'), self.at('to', 'd/b')))
        self.assertFalse(os.path.samefile(self.at('to', 'a'), self.at('to', 'c')))
        self.assertEqual(os.readlink(self.at('to', 'link')), 'a')
        absent, result = self.sync({'a': (b'one', 0o644), 'new': (b'two', 0o644)})
        self.assertEqual(absent, [1])
        self.assertEqual(os.listdir(self.at('store', 'incoming')), [])

    def test_what_was_written_into_is_asked_for_again(self):
        self.sync({'a': (b'one', 0o644)})
        with open(self.at('to', 'a'), 'w') as file:
            file.write('two')
        absent, _ = self.sync({'b': (b'one', 0o644)})
        self.assertEqual(absent, [0])

    def test_content_that_is_not_what_was_announced(self):
        rows = [['a', hashlib.sha256(b'one').hexdigest(), 0o644, 3]]
        listed = json.dumps({'files': rows, 'links': []}).encode()
        chunks = [zlib.compress(store.SIZE.pack(len(listed)) + listed), zlib.compress(b'two')]
        with self.assertRaises(Refused) as caught:
            store.sync(call({'store': self.at('store'), 'to': self.at('to')}, *chunks))
        self.assertEqual(caught.exception.answer['code'], 'SYNC_CHANGED')
        with self.assertRaises(Refused) as caught:
            store.sync(call({'store': self.at('store'), 'to': self.at('to')}, chunks[0]))
        self.assertEqual(caught.exception.answer['code'], 'SYNC_BROKEN')
        self.assertFalse(os.path.exists(self.at('to')))


class Files(Folder):
    def test_a_write_that_is_cancelled_leaves_the_old_file(self):
        path = self.write('file', 'old')
        made = Call(1, {'path': path, 'mode': 0o600}, Answers())
        made.incoming.put(b'half')
        made.cancelled.set()
        self.assertRaises(Refused, files.write, made)
        with open(path) as file:
            self.assertEqual(file.read(), 'old')
        self.assertEqual(os.listdir(self.folder), ['file'])


class Facts(Folder):
    def test_os_release(self):
        path = self.write('os-release', '# c\nID=ubuntu\nID_LIKE="debian x"\nVERSION_ID="24.04"\nPRETTY_NAME=\'Ubuntu 24.04\'\n')
        wanted = {'id': 'ubuntu', 'like': ['debian', 'x'], 'version': '24.04', 'codename': '', 'name': 'Ubuntu 24.04'}
        self.assertEqual(facts.system(path), wanted)

    def test_environment_of_the_site(self):
        path = self.write('environment', '# no\nPATH=/x\nexport https_proxy="http://p:1"\nSSL_CERT_FILE=/ca\nSECRET=1\n')
        self.assertEqual(commands.site_environment(path), {'https_proxy': 'http://p:1', 'SSL_CERT_FILE': '/ca'})

    def test_listeners(self):
        import socket

        with socket.socket() as one:
            one.bind(('127.0.0.1', 0))
            one.listen(1)
            port = one.getsockname()[1]
            found = sockets.listeners([port])
        self.assertEqual([(each['port'], each['address'], each['pid']) for each in found], [(port, '127.0.0.1', os.getpid())])
        self.assertEqual(sockets.readable('00000000000000000000000001000000'), '::1')

    def test_lock_holder(self):
        path = self.write('lock', '')
        self.assertIsNone(packages.lock_holder(path))
        self.assertIsNone(packages.lock_holder(self.at('absent')))


if __name__ == '__main__':
    unittest.main()
