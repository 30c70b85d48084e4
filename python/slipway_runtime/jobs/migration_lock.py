"""One migration at a time: Django itself has no lock, and two `migrate` at once race."""
import contextlib
import copy
import fcntl
import os
import time

from . import JobFailed

_NAME = 'slipway:migrate'
_POLL_SECONDS = 0.5


@contextlib.contextmanager
def held(connection, seconds, tell):
    """Hold the lock of the database of `connection`, waiting up to `seconds` for another holder; gives 'postgresql', 'mysql', 'file' or 'none'.

    Raises JobFailed (``reason`` 'locked') when another keeps it.
    """
    how = {'postgresql': _postgresql, 'mysql': _mysql, 'sqlite': _sqlite}.get(connection.vendor)
    if how is None:
        yield 'none'
        return
    with how(connection) as take:
        _take(take, seconds, tell, connection.alias)
        yield 'file' if connection.vendor == 'sqlite' else connection.vendor


def _take(take, seconds, tell, alias):
    until = time.monotonic() + seconds
    told = False
    while not take():
        if time.monotonic() >= until:
            raise JobFailed('another migration of database %s is still running after %d s' % (alias, seconds), reason='locked', database=alias)
        if not told:
            tell(database=alias, waiting='another migration is running')
            told = True
        time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def _postgresql(connection):
    # In a session of its own: a migration may close the connection it runs on. The lock goes with the session, however this process ends.
    with _second(connection) as cursor:

        def take():
            cursor.execute('SELECT pg_try_advisory_lock(hashtext(%s))', [_NAME])
            return bool(cursor.fetchone()[0])

        yield take


@contextlib.contextmanager
def _mysql(connection):
    with _second(connection) as cursor:

        def take():
            cursor.execute('SELECT GET_LOCK(CONCAT(%s, DATABASE()), 0)', [_NAME + ':'])
            return cursor.fetchone()[0] == 1

        yield take


@contextlib.contextmanager
def _sqlite(connection):
    # The folder of the file is locked: locking the file itself would meet SQLite's own locks.
    name = str(connection.settings_dict.get('NAME') or '')
    folder = os.path.dirname(os.path.abspath(name))
    if not name or ':memory:' in name or 'mode=memory' in name or not os.path.isdir(folder):
        yield lambda: True
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:

        def take():
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except OSError:
                return False

        yield take
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _second(connection):
    settings = copy.deepcopy(connection.settings_dict)
    (settings.get('OPTIONS') or {}).pop('pool', None)
    other = type(connection)(settings, connection.alias)
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()
