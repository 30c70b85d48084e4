"""The project's own application, with the middleware of ``slipway.yml`` around it."""
import contextlib
import importlib
import json
import os
import sys
import threading


def load(environ, fallback):
    """The application that ``SLIPWAY_APPLICATION`` ("pkg.mod:attr") names, inside what ``SLIPWAY_MIDDLEWARE`` names.

    `fallback` makes Django's own where the named module does not exist. Raises what importing the project raises.
    """
    application = _project_application(environ.get('SLIPWAY_APPLICATION', ''), fallback)
    for name in reversed(_middleware(environ.get('SLIPWAY_MIDDLEWARE', ''))):
        application = _attribute(name)(application)
    return application


def _project_application(name, fallback):
    if not name:
        return fallback()
    try:
        return _attribute(name)
    except ImportError as error:
        module = name.partition(':')[0]
        if error.name and (module == error.name or module.startswith(error.name + '.')):
            return fallback()
        raise


def _attribute(name):
    module, _, path = name.partition(':')
    if not module.endswith(('.asgi', '.wsgi')) and module not in ('asgi', 'wsgi'):
        _set_up()
    value = importlib.import_module(module)
    for attribute in (path or 'application').split('.'):
        value = getattr(value, attribute)
    return value


def _set_up():
    # A routing module that ASGI_APPLICATION names was written for a server that sets Django up first, as Channels' did; asgi.py does it itself.
    if os.environ.get('DJANGO_SETTINGS_MODULE'):
        import django

        django.setup()


def _middleware(text):
    if not text:
        return []
    names = json.loads(text)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError('SLIPWAY_MIDDLEWARE must be a JSON list of "package.module:factory"')
    return names


def prepare():
    """django-configurations needs its importer before anything loads the settings."""
    if os.environ.get('DJANGO_CONFIGURATION'):
        try:
            from configurations import importer
        except ImportError:
            return
        importer.install()


@contextlib.contextmanager
def no_exit():
    """`sys.exit` of a project that is being imported is an error like any other: servers take it for a worker that ended, and start the next for ever."""
    try:
        yield
    except SystemExit as error:
        raise RuntimeError('the project ended the interpreter while it was imported: sys.exit(%r)' % (error.code,)) from error


def warm():
    """Import the project's URLs: a mistake in them shows before there is traffic, and the first request does not wait for them.

    Raises what importing them raises.
    """
    from django.apps import apps
    from django.conf import settings

    if not apps.ready or not getattr(settings, 'ROOT_URLCONF', None):
        return
    if _in_event_loop():
        _in_thread(_import_urls)
    else:
        _import_urls()


def _import_urls():
    from django.urls import get_resolver

    get_resolver().url_patterns


def _in_event_loop():
    asyncio = sys.modules.get('asyncio')
    return asyncio is not None and asyncio._get_running_loop() is not None


def _in_thread(work):
    """Where an event loop runs, Django refuses what URLs may do as they are imported: https://docs.djangoproject.com/en/stable/topics/async/"""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, name='slipway-urls')
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
