"""Which environment variables the project asks for, and where."""
import os
import sys

# Libraries that read the environment on behalf of the settings that call them: the line that counts is the settings' own.
_READERS = frozenset(
    'appconf betterconf climatecontrol configurations confz decouple dj_database_url dj_email_url django_cache_url django_environ dotenv '
    'envcast environ environs envparse everett getenv goodconf marshmallow omegaconf prettyconf pydantic pydantic_settings split_settings starlette '
    'typed_settings'.split()
)
_TRANSPARENT = frozenset(['os', '_collections_abc', 'collections.abc', __name__])
_NOT_TOLD = frozenset(['PYTHON_DOTENV_DISABLED', 'DJANGO_SETTINGS_MODULE', 'DJANGO_CONFIGURATION', 'SLIPWAY_PINS'])


class Read:
    """One variable asked for once. `places` are (file, line) of the project's frames from the innermost to the module that called them:
    the line of a settings file is the last, whatever functions of its own it reads the environment with."""

    __slots__ = ('name', 'places', 'hit')

    def __init__(self, name, places, hit):
        self.name = name
        self.places = places
        self.hit = hit

    @property
    def file(self):
        return self.places[-1][0]

    @property
    def line(self):
        return self.places[-1][1]


class EnvironmentReads:
    """Records every read of os.environ that the project's own code makes, itself or through a settings library."""

    def __init__(self, ground):
        self._ground = ground
        self._bulk = None
        self.reads = []
        self._seen = set()

    def start(self):
        """From now on, os.environ tells this object."""
        os.environ.__class__ = _recording(type(os.environ), self)

    def variables(self):
        """Facts.variables: each name once, from where it was asked for first; a hit where any read found it."""
        hits = {read.name for read in self.reads if read.hit}
        told = {}
        for read in self.reads:
            place = '%s:%d' % (self._ground.name(read.file), read.line)
            told.setdefault(read.name, {'name': read.name, 'from': place, 'hit': read.name in hits})
        return list(told.values())

    def misses(self):
        """Reads of variables that were never there."""
        hits = {read.name for read in self.reads if read.hit}
        return [read for read in self.reads if read.name not in hits]

    def record(self, name, hit, frame):
        """Called for each read, with the frame that made it."""
        if not isinstance(name, str) or name in _NOT_TOLD or self._is_bulk(frame):
            return
        places = self._project_places(frame)
        if not places or (name, hit, places) in self._seen:
            return
        self._seen.add((name, hit, places))
        self.reads.append(Read(name, places, hit))

    def note_bulk(self, frame):
        """`frame` iterates over the whole environment (``dict(os.environ)``): the reads of that very instruction mean no name."""
        self._bulk = (id(frame), frame.f_lasti)

    def _is_bulk(self, frame):
        return self._bulk == (id(frame), frame.f_lasti)

    def _project_places(self, frame):
        places = []
        while frame is not None:
            code = frame.f_code
            if self._ground.owns(code.co_filename):
                places.append((code.co_filename, frame.f_lineno))
                if code.co_name == '<module>':
                    break
            elif not _is_transparent(frame.f_globals.get('__name__', '')):
                break
            frame = frame.f_back
        return tuple(places)


def _is_transparent(module):
    return module in _TRANSPARENT or module.partition('.')[0] in _READERS


def _recording(kind, reads):
    class RecordingEnviron(kind):
        def __getitem__(self, name):
            try:
                value = super().__getitem__(name)
            except KeyError:
                reads.record(name, False, sys._getframe(1))
                raise
            reads.record(name, True, sys._getframe(1))
            return value

        def __iter__(self):
            reads.note_bulk(sys._getframe(1))
            return super().__iter__()

        def keys(self):
            reads.note_bulk(sys._getframe(1))
            return list(super().__iter__())

        def items(self):
            return [(name, super(RecordingEnviron, self).__getitem__(name)) for name in list(super().__iter__())]

        def values(self):
            return [value for name, value in self.items()]

        def copy(self):
            return dict(self.items())

    return RecordingEnviron
