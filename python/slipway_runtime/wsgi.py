"""``slipway_runtime.wsgi:application``: the project's WSGI application as the app server runs it."""
import os

from . import application as project
from . import health, orphan
from .wsgi_wrapper import wrap


def _djangos():
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


orphan.end_with_parent()
with project.no_exit():
    project.prepare()
    application = wrap(project.load(os.environ, _djangos))
    project.warm()
    health.background.loaded()
