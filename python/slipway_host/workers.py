"""What another user shall do is done by a process of that user: never by root in a folder that somebody else may change."""
import json
import os
import pwd
import subprocess
import sys
import threading

from slipway_host import frames
from slipway_host.calls import Refused

MARK = b'slipway-worker'
LOADER = (
    'import os,sys,zlib,json;os.write(1,b"%s\\n");sent=sys.stdin.buffer.read(%d);'
    'sources=json.loads(zlib.decompress(sent).decode());exec(compile(sources["start"],"<slipway>/start.py","exec"))'
)


class Worker:
    def __init__(self, account, groups, sent, passed_back):
        self.groups = groups
        self.lock = threading.Lock()
        loader = LOADER % (MARK.decode(), len(sent))
        become = ['setpriv', '--reuid', str(account.pw_uid), '--regid', str(account.pw_gid), '--init-groups', '--']
        self.process = subprocess.Popen(
            become + [sys.executable, '-I', '-S', '-c', loader], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self.process.stdin.write(sent)
        self.process.stdin.flush()
        threading.Thread(target=self.read, args=(passed_back,), daemon=True).start()

    def read(self, passed_back):
        stream = self.process.stdout
        if stream.readline().strip() == MARK:
            try:
                frames.read_frame(stream)  # its hello
                while True:
                    passed_back(self, *frames.read_frame(stream))
            except (EOFError, ValueError, OSError):
                pass
        passed_back(self, None, None, None)

    def send(self, number, kind, payload):
        with self.lock:
            self.process.stdin.write(frames.HEADER.pack(len(payload), number, kind) + payload)
            self.process.stdin.flush()


class Workers:
    def __init__(self, sent, writer):
        self.sent = sent
        self.writer = writer
        self.by_user = {}
        self.by_call = {}
        self.lock = threading.Lock()

    def begin(self, call, payload):
        """True when the call is another user's, and has been passed on. Raises Refused USER_MISSING."""
        user = call.args.get('as')
        if user is None:
            return False
        try:
            account = pwd.getpwnam(user)
        except KeyError:
            raise Refused('USER_MISSING', 'There is no user %s' % user)
        if account.pw_uid == os.geteuid():
            return False
        if os.geteuid() != 0:
            raise Refused('USER_DENIED', 'Only root can work as %s' % user)
        worker = self.worker_of(account)
        with self.lock:
            self.by_call[call.number] = worker
        self.deliver(worker, call.number, frames.REQUEST, payload)
        return True

    def worker_of(self, account):
        # A process keeps the groups it began with.
        groups = sorted(os.getgrouplist(account.pw_name, account.pw_gid))
        worker = self.by_user.get(account.pw_name)
        if worker is None or worker.groups != groups or worker.process.poll() is not None:
            worker = Worker(account, groups, self.sent, self.passed_back)
            self.by_user[account.pw_name] = worker
        return worker

    def pass_on(self, number, kind, payload):
        """True when the call is a worker's."""
        with self.lock:
            worker = self.by_call.get(number)
        if worker is None:
            return False
        self.deliver(worker, number, kind, payload)
        return True

    def deliver(self, worker, number, kind, payload):
        try:
            worker.send(number, kind, payload)
        except OSError:
            self.lost(worker)

    def passed_back(self, worker, number, kind, payload):
        if number is None:
            return self.lost(worker)
        if kind == frames.RESULT:
            with self.lock:
                self.by_call.pop(number, None)
        self.writer.send(number, kind, payload)

    def lost(self, worker):
        with self.lock:
            numbers = [number for number, each in self.by_call.items() if each is worker]
            for number in numbers:
                del self.by_call[number]
        error = {'code': 'WORKER_LOST', 'message': 'The process that works for another user ended'}
        for number in numbers:
            self.writer.send(number, frames.RESULT, json.dumps({'error': error}).encode('ascii'))

    def ping(self):
        for worker in list(self.by_user.values()):
            self.deliver(worker, 0, frames.PING, b'')

    def end(self):
        """Each worker ends with its input, after it has ended what it runs."""
        running = [worker.process for worker in self.by_user.values()]
        for process in running:
            try:
                process.stdin.close()
            except OSError:
                pass
        for process in running:
            try:
                process.wait(6)
            except subprocess.TimeoutExpired:
                process.kill()
