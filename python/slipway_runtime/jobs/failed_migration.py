"""What a migration that failed was doing, read from the traceback."""


def told(error):
    """{"operation", "describe", "sql"} of the innermost frames that know; absent where none does."""
    found = {}
    for link in (error, error.__cause__, error.__context__):
        if link is not None:
            _search(link.__traceback__, found)
    return found


def _search(trace, found):
    while trace is not None:
        frame = trace.tb_frame
        module = frame.f_globals.get('__name__', '')
        local = frame.f_locals
        if module == 'django.db.migrations.migration' and local.get('operation') is not None:
            operation = local['operation']
            found['operation'] = type(operation).__name__
            found['describe'] = _text(operation.describe)
        if (module.startswith('django.db.backends') or module.endswith('.schema')) and local.get('sql') is not None:
            found['sql'] = _text(lambda: local['sql'])
        trace = trace.tb_next


def _text(say):
    try:
        return ' '.join(str(say()).split())[:4000]
    except Exception:
        return ''
