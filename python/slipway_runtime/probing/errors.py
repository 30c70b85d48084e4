"""Why something did not load, classified: an exception becomes a ProbeError (src/core/facts.ts)."""
import os
import re
import sys
import traceback

from ..redaction import redact_source, redact_text
from . import missing_variable
from .distributions import bringing

_LONGEST = 2000

# What importing a library says when the system lacks what it wraps.
_LIBRARY = (
    re.compile(r'([\w.+-]+\.so[\w.]*): cannot open shared object file'),
    re.compile(r"cannot load library '?([\w.+/-]+)"),
    re.compile(r'Could not find the (GDAL|GEOS|PROJ)\w* library'),
    re.compile(r'[Uu]nable to find (\w+) shared library'),
    re.compile(r'failed to find (lib\w+)'),
    re.compile(r"Could not find lib(\w+)"),
    re.compile(r'(\w+) (?:shared )?library (?:was )?not found'),
)
_DRIVER = re.compile(r'Error loading (\w+)(?: or \w+)? module')
_NO_MODULE = re.compile(r"No module named '?([\w.]+)'?")


class Errors:
    """Turns exceptions into ProbeErrors; knows the project's ground and which variables were asked for in vain."""

    def __init__(self, ground, reads):
        self._ground = ground
        self._reads = reads

    def describe(self, error):
        """The ProbeError of `error`: the first of it and what it was raised from that says something in particular. Never raises."""
        try:
            return self._described(error)
        except Exception as strange:  # an exception whose own attributes raise; what it is called is still something
            return {'kind': 'exception', 'message': '%s (not described: %s)' % (type(error).__name__, type(strange).__name__), 'frames': []}

    def _described(self, error):
        chain = list(_chain(error))
        found = None
        for link in chain:
            found = self._specific(link)
            if found:
                break
        kind, name = found or (_general(error), None)
        answer = {'kind': kind, 'message': self._message(error, chain), 'frames': self._frames(chain)}
        if name:
            answer['name'] = name
        if kind == 'missing-module' and name:
            distribution = bringing(name)
            if distribution:
                answer['distribution'] = distribution
        return answer

    def _specific(self, error):
        if isinstance(error, SyntaxError):
            return 'syntax', '%s:%s' % (self._ground.name(error.filename or '?'), error.lineno or 0)
        if isinstance(error, SystemExit):
            return 'exit', None
        variable = missing_variable.of(error, self._reads, self._ground)
        if variable:
            return 'missing-variable', variable
        library = _library(error)
        if library:
            return 'missing-library', library
        if isinstance(error, ImportError):
            return self._missing_import(error)
        if isinstance(error, FileNotFoundError) and error.filename is not None:
            return 'missing-file', self._ground.name(os.path.abspath(os.fsdecode(error.filename)))
        driver = _DRIVER.search(str(error))
        if driver and not isinstance(error.__cause__, ImportError):
            return 'missing-module', driver.group(1)
        return None

    def _missing_import(self, error):
        name = error.name
        if not name:
            told = _NO_MODULE.search(str(error))
            name = told.group(1) if told else None
        if not name or not isinstance(error, ModuleNotFoundError):
            return None
        path = self._file_of(name)
        return ('missing-file', path) if path else ('missing-module', name)

    def _file_of(self, module):
        # A module of a package of the project's own, or one that only an example file is there for, is a file somebody must write.
        parent, _, last = module.rpartition('.')
        if parent:
            package = sys.modules.get(parent)
            folders = [folder for folder in getattr(package, '__path__', ()) if self._ground.owns(os.path.join(folder, '__init__.py'))]
            return self._ground.name(os.path.join(folders[0], last + '.py')) if folders else None
        for folder in sys.path:
            if os.path.isdir(folder) and self._ground.owns(os.path.join(folder, 'x.py')) and _has_example(folder, last):
                return self._ground.name(os.path.join(folder, last + '.py'))
        return None

    def _message(self, error, chain):
        text = _one(error)
        root = chain[-1]
        if root is not error and str(root) and str(root) not in text and not isinstance(root, KeyError):
            text += ' (%s)' % _one(root)
        return redact_text(text)[:_LONGEST]

    def _frames(self, chain):
        # The last link's frames are the deepest, but only the first's begin where the settings do.
        best = []
        for link in chain:
            frames = [self._frame(*place) for place in _places(link) if self._ground.owns(place[0])]
            if isinstance(link, SyntaxError) and link.filename and self._ground.owns(link.filename):
                frames.append(self._frame(link.filename, link.lineno or 0, '<module>', link.text or ''))
            if len(frames) > len(best):
                best = frames
        return best

    def _frame(self, file, line, function, text):
        return {'file': self._ground.name(file), 'line': line, 'function': function, 'text': redact_source((text or '').strip())}


def _chain(error):
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _places(error):
    # Lines are read leniently: a file that is no valid text has frames too.
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        yield code.co_filename, line, code.co_name, missing_variable.source_line(code.co_filename, line)


def _general(error):
    kinds = {base.__name__ for base in type(error).__mro__}
    return 'improperly-configured' if 'ImproperlyConfigured' in kinds else 'exception'


def _library(error):
    if not isinstance(error, (ImportError, OSError)) and _general(error) != 'improperly-configured':
        return None
    if isinstance(error, (ModuleNotFoundError, FileNotFoundError)):
        return None
    for pattern in _LIBRARY:
        found = pattern.search(str(error))
        if found:
            return found.group(1)
    return None


def _has_example(folder, module):
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(name.startswith(module) and re.search(r'example|sample|template|default|dist', name[len(module) :], re.IGNORECASE) for name in names)


def _one(error):
    try:
        text = ' '.join(str(error).split())
    except Exception:
        text = ''
    if isinstance(error, SystemExit):
        return 'the project ended the process: sys.exit(%s)' % text
    return '%s: %s' % (type(error).__name__, text) if text else type(error).__name__
