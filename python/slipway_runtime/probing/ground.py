"""Which files are the project's own, and how they are named in answers."""
import os
import sys

_INSTALLED = ('site-packages', 'dist-packages')


class Ground:
    """Below `root`, but not in a virtual environment that lies there."""

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self._known = {}

    def owns(self, path):
        """True for a file of the project's own."""
        if path not in self._known:
            self._known[path] = self._is_own(path)
        return self._known[path]

    def holds(self, path):
        """True for any path below the root."""
        return self._is_below(os.path.realpath(path), self.root)

    def name(self, path):
        """`path` relative to the root with forward slashes; absolute where it lies elsewhere."""
        real = os.path.realpath(path)
        return os.path.relpath(real, self.root).replace(os.sep, '/') if self._is_below(real, self.root) else path

    def _is_own(self, path):
        if not path or path.startswith('<'):
            return False
        real = os.path.realpath(path)
        if not self._is_below(real, self.root) or any(part in _INSTALLED for part in real.split(os.sep)):
            return False
        prefix = os.path.realpath(sys.prefix)
        return not self._is_below(prefix, self.root) or prefix == self.root or not self._is_below(real, prefix)

    @staticmethod
    def _is_below(path, folder):
        return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
