"""``slipway_runtime.asgi:application``: the project's ASGI application as the app server runs it."""
import os

from . import application as project
from . import health, orphan
from .asgi_wrapper import wrap


def _djangos():
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


orphan.end_with_parent()
with project.no_exit():
    project.prepare()
    application = wrap(project.load(os.environ, _djangos), os.environ.get('SLIPWAY_DRAIN', ''))
    project.warm()
    health.background.loaded()
