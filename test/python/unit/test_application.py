"""Which application is loaded, and what is there before it is."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import ProjectCase

LOAD = "import os; from slipway_runtime.application import load; print(load(os.environ, None))"


class Application(ProjectCase):
    def setUp(self):
        super().setUp()
        self.write('django/__init__.py', 'done = []\ndef setup():\n    done.append(True)\n')
        self.write('shop/__init__.py', '')
        for name in ('routing', 'asgi'):
            self.write('shop/%s.py' % name, 'import django\napplication = bool(django.done)\n')

    def loaded(self, name):
        done = self.python('-c', LOAD, env={'SLIPWAY_APPLICATION': name, 'DJANGO_SETTINGS_MODULE': 'shop.settings'})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_django_is_set_up_before_a_routing_module(self):
        self.assertEqual(self.loaded('shop.routing:application'), 'True')

    def test_an_asgi_module_does_that_itself(self):
        self.assertEqual(self.loaded('shop.asgi:application'), 'False')


if __name__ == '__main__':
    unittest.main()
