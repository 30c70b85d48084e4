"""The table of a database cache."""


def run(job, tell):
    """{"tables": […]} made or there already, or {"skipped": reason}. Raises what the database raises."""
    from django.conf import settings
    from django.core.cache import caches
    from django.core.management import call_command

    tables = [caches[alias]._table for alias in settings.CACHES if _is_database_cache(caches[alias])]
    if not tables:
        return {'skipped': 'no cache is kept in the database'}
    from .. import aliases

    for alias in aliases.configured():
        call_command('createcachetable', database=alias, verbosity=0)
    return {'tables': tables}


def _is_database_cache(cache):
    return any(kind.__name__ == 'DatabaseCache' for kind in type(cache).__mro__)
