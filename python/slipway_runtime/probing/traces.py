"""What loading the project leaves behind in its directory (a generated key file, a log, an empty database), taken away again."""
import builtins
import io
import os
import sys

_WRITING = set('wax+')
_WRITING_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Traces:
    """Notes files and folders that this process creates below the root; `undo` removes them. What was there before is never touched."""

    def __init__(self, ground):
        self._ground = ground
        self._created = []
        self._watching = False

    def start(self):
        """Watch. Before Python 3.8 there are no audit events (PEP 578), and only `open` and `mkdir` are seen."""
        self._watching = True
        if hasattr(sys, 'addaudithook'):
            sys.addaudithook(self._audit)
            return
        opener, maker = io.open, os.mkdir

        def open(file, mode='r', *args, **kwargs):
            self._audit('open', (file, mode, None))
            return opener(file, mode, *args, **kwargs)

        def mkdir(path, *args, **kwargs):
            self._audit('os.mkdir', (path,))
            return maker(path, *args, **kwargs)

        builtins.open = io.open = open
        os.mkdir = mkdir

    def undo(self):
        """Remove what was created, the newest first; folders only when nothing else is in them."""
        self._watching = False
        for path in reversed(self._created):
            for remove in (os.unlink, os.rmdir):
                try:
                    remove(path)
                    break
                except OSError:
                    continue

    def _audit(self, event, arguments):
        if not self._watching:
            return
        if event == 'open':
            path, mode, flags = (tuple(arguments) + (None, None))[:3]
            if set(mode) & _WRITING if isinstance(mode, str) else (flags or 0) & _WRITING_FLAGS:
                self._note(path)
        elif event == 'os.mkdir':
            self._note(arguments[0])
        elif event == 'sqlite3.connect':
            for suffix in ('-journal', '-wal', '-shm', ''):
                self._note(arguments[0], suffix)

    def _note(self, path, suffix=''):
        try:
            path = os.path.abspath(os.fsdecode(path)) + suffix
        except TypeError:  # a descriptor
            return
        if self._ground.holds(path) and not os.path.lexists(path):
            self._created.append(path)
