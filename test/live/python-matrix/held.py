"""Prints settings as django.conf has them and as the module has them."""
import importlib
import json
import os
import sys

from django.conf import settings

module = importlib.import_module(os.environ['DJANGO_SETTINGS_MODULE'])
names = json.load(sys.stdin)
shown = {name: [getattr(settings, name), getattr(module, name)] for name in names}
print(json.dumps(shown, default=str))
