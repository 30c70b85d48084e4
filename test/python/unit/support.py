"""What the tests of the runtime share: a throw-away project, and a fresh interpreter in it with the runtime active."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

PYTHON = os.path.abspath(os.path.join(os.path.dirname(__file__), *([os.pardir] * 3 + ['python'])))


class ProjectCase(unittest.TestCase):
    def setUp(self):
        self.root = os.path.realpath(tempfile.mkdtemp(prefix='slipway-python-'))
        self.addCleanup(shutil.rmtree, self.root, True)

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as file:
            file.write(textwrap.dedent(text).lstrip('\n'))
        return full

    def python(self, *arguments, **options):
        """A finished interpreter with the runtime on its path: options are `env`, `stdin`, `cwd`."""
        env = {'PATH': os.environ.get('PATH', ''), 'PYTHONPATH': PYTHON, 'PYTHONDONTWRITEBYTECODE': '1', 'HOME': self.root}
        env.update(options.get('env') or {})
        return subprocess.run(
            [sys.executable] + list(arguments),
            input=options.get('stdin', ''),
            env=env,
            cwd=options.get('cwd', self.root),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=60,
        )

    def pins_file(self, pins, settings_module='shop.settings', packages=()):
        document = {'settings_module': settings_module, 'packages': list(packages), 'root': self.root}
        document['pins'] = [dict(pin, reason='test') for pin in pins]
        return self.write('pins.json', json.dumps(document))

    def under_pins(self, pins, code, settings_module='shop.settings', packages=(), env=None):
        """What `code` prints as JSON, run in an interpreter where `pins` hold."""
        path = self.pins_file(pins, settings_module, packages)
        activated = 'import slipway_runtime.activate, json\n' + textwrap.dedent(code)
        done = self.python('-c', activated, env=dict(env or {}, SLIPWAY_PINS=path))
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])


def hold(name, value, **more):
    return dict({'name': name, 'op': 'hold', 'value': value}, **more)


def pin(op, name, value, **more):
    return dict({'name': name, 'op': op, 'value': value}, **more)
