"""Which environment variables the project asks for, and where."""
import os
import sys

# Libraries that read the environment on behalf of the settings that call them: the line that counts is the settings' own.
_READERS = frozenset(
    'appconf betterconf climatecontrol configurations confz decouple dj_database_url dj_email_url django_cache_url django_environ dotenv dynaconf '
    'envcast environ environs envparse everett getenv goodconf marshmallow omegaconf prettyconf pydantic pydantic_settings split_settings starlette '
    'typed_settings'.split()
)
_TRANSPARENT = frozenset(['os', '_collections_abc', 'collections.abc', __name__])
_NOT_TOLD = frozenset(['DJANGO_SETTINGS_MODULE', 'DJANGO_CONFIGURATION', 'SLIPWAY_PINS'])


class Read:
    """One variable at one place: `line` of `file` (as the frame has it)."""

    __slots__ = ('name', 'file', 'line', 'hit')

    def __init__(self, name, file, line, hit):
        self.name = name
        self.file = file
        self.line = line
        self.hit = hit


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
        place = self._project_line(frame)
        if place is None or (name, hit) + place in self._seen:
            return
        self._seen.add((name, hit) + place)
        self.reads.append(Read(name, place[0], place[1], hit))

    def note_bulk(self, frame):
        """`frame` iterates over the whole environment (``dict(os.environ)``): the reads of that very instruction mean no name."""
        self._bulk = (id(frame), frame.f_lasti)

    def _is_bulk(self, frame):
        return self._bulk == (id(frame), frame.f_lasti)

    def _project_line(self, frame):
        while frame is not None:
            module = frame.f_globals.get('__name__', '')
            if self._ground.owns(frame.f_code.co_filename):
                return frame.f_code.co_filename, frame.f_lineno
            if module not in _TRANSPARENT and module.partition('.')[0] not in _READERS:
                return None
            frame = frame.f_back
        return None


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
