"""Which of the project's files were executed or read while its settings loaded."""
import builtins
import io
import os
import sys


class SourceFiles:
    """Watches code being executed and files being opened, until `stop`."""

    def __init__(self, ground):
        self._ground = ground
        self._files = {}
        self._watching = False

    def start(self):
        """Watch. Audit events came with Python 3.8 (PEP 578); before, what `open` is called with."""
        self._watching = True
        if hasattr(sys, 'addaudithook'):
            sys.addaudithook(self._audit)
        else:
            builtins.open = io.open = _telling(io.open, self.add)

    def stop(self):
        """The files, relative to the root, in the order they were first used."""
        self._watching = False
        for module in list(sys.modules.values()):
            self._add(getattr(module, '__file__', None))
        return list(self._files)

    def add(self, path):
        """Note `path`, when it is a file of the project's own and this watches."""
        if self._watching:
            self._add(path)

    def _add(self, path):
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        elif hasattr(path, '__fspath__'):
            path = os.fspath(path)
        if isinstance(path, str) and not path.endswith('.pyc') and self._ground.owns(path) and os.path.isfile(path):
            self._files[self._ground.name(path)] = True

    def _audit(self, event, arguments):
        if not self._watching:
            return
        if event == 'exec':
            self._add(getattr(arguments[0], 'co_filename', None))
        elif event == 'open' and _reads(arguments):
            self._add(arguments[0])


def _reads(arguments):
    path, mode, flags = (tuple(arguments) + (None, None))[:3]
    if isinstance(mode, str):
        return not set(mode) & set('wax+')
    return not (flags or 0) & (os.O_WRONLY | os.O_RDWR)


def _telling(original, tell):
    def open(file, mode='r', *args, **kwargs):
        if not isinstance(file, int) and not set(mode) & set('wax+'):
            tell(file)
        return original(file, mode, *args, **kwargs)

    return open
