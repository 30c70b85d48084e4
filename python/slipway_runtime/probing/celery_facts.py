"""The project's Celery application, asked rather than read."""
import importlib
import importlib.util
import sys

from ..redaction import redact_text

_DATABASE_SCHEDULER = 'django_celery_beat.schedulers:DatabaseScheduler'


def facts(settings_module, ground, problem):
    """Facts.celery, or None without a Celery application. What cannot be imported on the way goes to ``problem(error)``."""
    if importlib.util.find_spec('celery') is None:
        return None
    for name in _candidates(settings_module):
        _try_import(name, problem)
    found = _find(ground)
    if found is None:
        return None
    name, app = found
    try:
        app.loader.import_default_modules()  # tasks name queues, and add themselves to beat, where they are defined
        app.finalize()
    except Exception as error:
        problem(error)
    return _told(name, app)


def _candidates(settings_module):
    # shop.settings.production: shop.settings.celery is improbable, shop.celery the custom; the package itself may hold the app.
    parts = settings_module.split('.')
    names = []
    for length in range(len(parts) - 1, 0, -1):
        package = '.'.join(parts[:length])
        names += ['%s.%s' % (package, last) for last in ('celery', 'celery_app', 'celeryapp', 'celeryconf', 'tasks')]
    return names + ['celery_app', 'celeryapp']


def _try_import(name, problem):
    parent = name.rpartition('.')[0]
    try:
        if parent:
            importlib.import_module(parent)
        spec = importlib.util.find_spec(name)
        if spec is not None:
            importlib.import_module(name)
    except Exception as error:
        problem(error)


def _find(ground):
    from celery import Celery

    found = []
    for name, module in list(sys.modules.items()):
        if name == '__main__' or not ground.owns(getattr(module, '__file__', None) or ''):
            continue
        for attribute, value in list(vars(module).items()):
            if isinstance(value, Celery):
                found.append((_rank(name, attribute), '%s:%s' % (name, attribute), value))
    if not found:
        return None
    _, name, app = min(found, key=lambda entry: entry[0])
    return name, app


def _rank(module, attribute):
    # The module it is made in before those that import it.
    last = module.rpartition('.')[2]
    return (0 if last.startswith('celery') else 1, 0 if attribute in ('app', 'celery', 'celery_app') else 1, module.count('.'), module, attribute)


def _told(name, app):
    conf = app.conf
    told = {
        'app': name,
        'broker': redact_text(str(conf.broker_url or conf.broker_write_url or 'amqp://')),
        'beat': bool(conf.beat_schedule),
        'queues': _queues(app),
    }
    scheduler = _scheduler(conf)
    if scheduler:
        told['scheduler'] = scheduler
        told['beat'] = True
    return told


def _scheduler(conf):
    from django.apps import apps

    configured = str(conf.beat_scheduler or '')
    if configured and configured != 'celery.beat:PersistentScheduler':
        return configured
    return _DATABASE_SCHEDULER if apps.ready and apps.is_installed('django_celery_beat') else None


def _queues(app):
    conf = app.conf
    names = [queue if isinstance(queue, str) else getattr(queue, 'name', '') for queue in conf.task_queues or ()]
    names.append(conf.task_default_queue)
    routes = conf.task_routes
    for route in routes if isinstance(routes, (list, tuple)) else [routes]:
        names += _routed(route)
    names += [getattr(task, 'queue', None) for task in app.tasks.values()]
    for entry in (conf.beat_schedule or {}).values():
        names.append((entry.get('options') or {}).get('queue') if isinstance(entry, dict) else None)
    return sorted({str(name) for name in names if name})


def _routed(route):
    if not isinstance(route, dict):
        return []
    return [target.get('queue') if isinstance(target, dict) else None for target in route.values()] + [
        target for target in route.values() if isinstance(target, str)
    ]
