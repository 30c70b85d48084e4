"""Makes the modules of `slipway_host` importable from the text that came through the connection, and serves.

Run with `sent` (the compressed text, as it came) and `sources` (its content: name of the module -> its source) as globals.
"""
import importlib.abc
import importlib.util
import sys

PACKAGE = 'slipway_host'


class Sent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path, target=None):
        module = '__init__' if name == PACKAGE else name[len(PACKAGE) + 1 :]
        if name.split('.')[0] != PACKAGE or module not in self.sources:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=name == PACKAGE)

    def exec_module(self, module):
        name = '__init__' if module.__name__ == PACKAGE else module.__name__[len(PACKAGE) + 1 :]
        exec(compile(self.sources[name], '<slipway>/' + name + '.py', 'exec'), module.__dict__)


sys.meta_path.insert(0, Sent(sources))  # noqa: F821
from slipway_host import session  # noqa: E402

session.serve(sent)  # noqa: F821
