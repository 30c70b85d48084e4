"""An empty database with the project's tables, for code that asks one at a moment when there may be none."""
import contextlib


def is_wanted(error):
    """True where a database is behind `error`: one that does not answer, or has no such table."""
    from django.db import Error

    seen = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, Error):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


@contextlib.contextmanager
def instead():
    """Every connection of this thread leads to an SQLite database in memory."""
    from django.db import connections

    aliases = list(connections)
    kept = {alias: connections[alias] for alias in aliases}
    try:
        for alias in aliases:
            connections[alias] = _connection(alias, connections.databases[alias])
            _make_tables(connections[alias])
        yield
    finally:
        for alias in aliases:
            connections[alias].close()
            connections[alias] = kept[alias]


def _connection(alias, own):
    from django.db.backends.sqlite3.base import DatabaseWrapper

    settings = dict(own, ENGINE='django.db.backends.sqlite3', NAME=':memory:', OPTIONS={}, CONN_MAX_AGE=None, ATOMIC_REQUESTS=False)
    return DatabaseWrapper(settings, alias)


def _make_tables(connection):
    from django.apps import apps

    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed or model._meta.swapped:
            continue
        try:
            with connection.schema_editor() as editor:
                editor.create_model(model)
        except Exception:  # what only another engine has; whoever asks for this table is told so
            connection.close_if_unusable_or_obsolete()
