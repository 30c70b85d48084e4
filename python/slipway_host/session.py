"""Reads requests until the connection ends, and leaves nothing running."""
import importlib
import json
import os
import sys
import threading
import time

from slipway_host import commands, frames, workers
from slipway_host.calls import Call, Refused, refusal

# The other end says something every few seconds; a connection that was cut without a word must not keep commands running for hours.
SILENCE_SECONDS = 30
# Calls that only look at files and wait for nobody.
AT_ONCE = threading.BoundedSemaphore(64)

# Where an operation is that is not in `files`. Each is loaded at its first use: a process that works for another user needs few of them.
MODULES = {
    'exec': 'commands',
    'facts': 'facts',
    'lock': 'lock',
    'pack': 'relay',
    'request': 'http',
    'sequence': 'sequence',
    'sync': 'store',
    'unpack': 'relay',
}


def operation_of(name):
    return importlib.import_module('slipway_host.' + MODULES.get(name, 'files')).OPERATIONS[name]


class Session:
    def __init__(self, sent, stream, writer):
        self.stream = stream
        self.writer = writer
        self.calls = {}
        self.workers = workers.Workers(sent, writer)
        self.heard = time.monotonic()

    def run(self):
        threading.Thread(target=self.watch, daemon=True).start()
        try:
            while True:
                number, kind, payload = frames.read_frame(self.stream)
                self.heard = time.monotonic()
                self.take(number, kind, payload)
        except (EOFError, ValueError, OSError):
            pass
        self.end()

    def watch(self):
        while time.monotonic() - self.heard < SILENCE_SECONDS:
            time.sleep(1)
        self.end()

    def end(self):
        self.workers.end()
        commands.end_all()
        if 'slipway_host.store' in sys.modules:
            sys.modules['slipway_host.store'].end_all()
        os._exit(0)

    def take(self, number, kind, payload):
        if kind == frames.PING:
            self.workers.ping()
        elif kind == frames.REQUEST:
            self.begin(number, payload)
        elif not self.workers.pass_on(number, kind, payload):
            self.follow(number, kind, payload)

    def begin(self, number, payload):
        args = json.loads(payload.decode('utf-8'))
        call = Call(number, args, self.writer)
        try:
            if self.workers.begin(call, payload):
                return
        except Refused as refused:
            call.answer({'error': refused.answer})
            return
        self.calls[number] = call
        threading.Thread(target=self.perform, args=(call,), daemon=True).start()

    def follow(self, number, kind, payload):
        call = self.calls.get(number)
        if call is None:
            return  # It has been answered already.
        if kind == frames.DATA:
            call.incoming.put(payload)
        elif kind == frames.END:
            call.incoming.put(None)
        elif kind == frames.CANCEL:
            threading.Thread(target=call.cancel, daemon=True).start()

    def perform(self, call):
        try:
            answer = {'result': self.result(call)}
        except Exception as error:
            answer = {'error': refusal(error)}
        # Whatever data is still to come for it is thrown away; a full queue must not hold up the others.
        self.calls.pop(call.number, None)
        while not call.incoming.empty():
            call.incoming.get_nowait()
        call.answer(answer)

    def result(self, call):
        operation, waits = operation_of(call.args['op'])
        if waits:
            return operation(call)
        with AT_ONCE:
            return operation(call)


def serve(sent):
    os.umask(0o022)
    os.chdir('/')
    # What a command or a library writes by mistake must not get between the messages.
    private = os.dup(1)
    os.dup2(2, 1)
    writer = frames.Writer(private)
    hello = {'uid': os.geteuid(), 'python': '%d.%d.%d' % sys.version_info[:3], 'pid': os.getpid()}
    writer.send(0, frames.RESULT, json.dumps(hello).encode('ascii'))
    Session(sent, sys.stdin.buffer, writer).run()
