"""The project's own application, with the middleware of ``slipway.yml`` around it."""
import importlib
import json
import os


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
    value = importlib.import_module(module)
    for attribute in (path or 'application').split('.'):
        value = getattr(value, attribute)
    return value


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
