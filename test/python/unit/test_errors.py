"""What is said of settings that do not load: each case is a settings file run as the probe runs it. No Django."""
import importlib
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON, ProjectCase

sys.path.insert(0, PYTHON)
from slipway_runtime.probing.environment_reads import EnvironmentReads
from slipway_runtime.probing.errors import Errors
from slipway_runtime.probing.ground import Ground


class Loading(ProjectCase):
    def setUp(self):
        super().setUp()
        kind, modules, path = type(os.environ), set(sys.modules), list(sys.path)

        def restore():
            os.environ.__class__ = kind
            sys.path[:] = path
            for name in set(sys.modules) - modules:
                if name.partition('.')[0] in ('shop', 'settings', 'environ', 'django_fake'):
                    del sys.modules[name]

        self.addCleanup(restore)
        self.ground = Ground(self.root)
        self.reads = EnvironmentReads(self.ground)
        self.errors = Errors(self.ground, self.reads)
        self.reads.start()
        sys.path.insert(0, self.root)
        importlib.invalidate_caches()

    def failing(self, text, path='shop/settings.py'):
        self.write('shop/__init__.py', '')
        self.write(path, text)
        self.reads.reads.clear()
        dont, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            importlib.import_module('shop.settings')
        except BaseException as error:
            return self.errors.describe(error)
        finally:
            sys.dont_write_bytecode = dont
        self.fail('the settings loaded')


class Variables(Loading):
    def missing(self, text):
        described = self.failing(text)
        self.assertEqual(described['kind'], 'missing-variable', described)
        return described['name']

    def test_subscript(self):
        described = self.failing("import os\n\nKEY = os.environ['SHOP_KEY']\n")
        self.assertEqual((described['kind'], described['name']), ('missing-variable', 'SHOP_KEY'))
        self.assertEqual([(f['file'], f['line'], f['text']) for f in described['frames']], [('shop/settings.py', 3, "KEY = os.environ['SHOP_KEY']")])

    def test_none_used_on_the_line_it_was_read_on(self):
        self.assertEqual(self.missing("import os\nHOSTS = os.environ.get('SHOP_HOSTS').split(' ')\n"), 'SHOP_HOSTS')

    def test_none_used_in_each_way(self):
        for number, use in enumerate(('int({})', '{}[0]', '{} + "x"', '"a" in {}', 'os.path.join({}, "x")', '__import__("json").loads({})')):
            name = 'SHOP_%d' % number
            text = 'import os\nOTHER = os.getenv("SHOP_OTHER")\nX = ' + use.format('os.getenv("%s")' % name) + '\n'
            self.assertEqual(self.missing(text), name)
            sys.modules.pop('shop.settings', None)

    def test_none_kept_under_a_name_first(self):
        self.assertEqual(self.missing("import os\nA = os.getenv('SHOP_A')\nB = os.getenv('SHOP_B')\nX = 1\nHOSTS = B.split(',')\n"), 'SHOP_B')

    def test_functions_of_the_projects_own(self):
        text = """
            import os
            def get(name):
                try:
                    return os.environ[name]
                except KeyError:
                    raise RuntimeError('Set the %s environment variable, please' % name)
            KEY = get('SHOP_KEY')
            """
        self.assertEqual(self.missing(text), 'SHOP_KEY')

    def test_messages_that_name_a_variable_asked_for(self):
        self.assertEqual(self.missing("import os\nif not os.getenv('SHOP_DB'):\n    raise Exception('SHOP_DB is not defined')\n"), 'SHOP_DB')
        sys.modules.pop('shop.settings', None)
        self.assertEqual(self.missing("import os\nassert os.getenv('SHOP_ASSERTED')\n"), 'SHOP_ASSERTED')

    def test_what_settings_libraries_say(self):
        said = {
            "django_fake.ImproperlyConfigured('Set the A1 environment variable')": 'A1',
            "ValueError('A2 not found. Declare it as envvar or define a default value.')": 'A2',
            "ValueError('Environment variable \"A3\" not set')": 'A3',
            "ValueError(\"Value 'KEY' is required to be set as the environment variable 'DJANGO_A4'\")": 'DJANGO_A4',
        }
        self.write('django_fake.py', 'class ImproperlyConfigured(Exception):\n    pass\n')
        for raised, name in said.items():
            self.assertEqual(self.missing('import django_fake\nraise %s\n' % raised), name)
            sys.modules.pop('shop.settings', None)

    def test_a_key_error_of_another_kind_is_no_variable(self):
        described = self.failing("import os\nos.environ.get('SHOP_X')\n{}['KEY']\n")
        self.assertEqual(described['kind'], 'exception')
        self.assertNotIn('name', described)

    def test_every_read_is_told_with_its_line_in_the_settings(self):
        self.write('environ.py', 'import os\ndef env(name):\n    return os.environ.get(name)\n')
        text = """
            import os, tempfile
            from environ import env
            os.environ['SHOP_SET'] = 'x'
            A = os.environ.get('SHOP_A')
            def helper(name):
                return os.getenv(name, 'default')
            B = helper('SHOP_B')
            C = env('SHOP_C')
            D = 'SHOP_D' in os.environ
            E = os.environ['SHOP_SET']
            EVERYTHING = dict(os.environ)
            COPY = os.environ.copy()
            ITEMS = {k: v for k, v in os.environ.items()}
            os.path.expanduser('~'), tempfile.gettempdir()
            raise SystemExit(3)
            """
        described = self.failing(text)
        self.assertEqual((described['kind'], described['message']), ('exit', 'the project ended the process: sys.exit(3)'))
        told = [(v['name'], v['from'], v['hit']) for v in self.reads.variables()]
        expected = [
            ('SHOP_A', 'shop/settings.py:4', False),
            ('SHOP_B', 'shop/settings.py:7', False),
            ('SHOP_C', 'shop/settings.py:8', False),
            ('SHOP_D', 'shop/settings.py:9', False),
            ('SHOP_SET', 'shop/settings.py:10', True),
        ]
        self.assertEqual(told, expected)


class Others(Loading):
    def told(self, text, **more):
        described = self.failing(text)
        sys.modules.pop('shop.settings', None)
        return described['kind'], described.get('name'), described.get('distribution')

    def test_modules(self):
        self.assertEqual(self.told('import no_such_thing.deeper\n'), ('missing-module', 'no_such_thing', None))
        self.assertEqual(self.told("raise ModuleNotFoundError(\"No module named 'MySQLdb'\", name='MySQLdb')\n"), ('missing-module', 'MySQLdb', 'mysqlclient'))

    def test_a_module_of_the_project_is_a_file_to_write(self):
        self.assertEqual(self.told('from .local_settings import *\n'), ('missing-file', 'shop/local_settings.py', None))
        self.write('configuration.example.py', '')
        self.assertEqual(self.told('import configuration\n'), ('missing-file', 'configuration.py', None))

    def test_files(self):
        self.assertEqual(self.told("open('secrets.json')\n")[:1], ('missing-file',))
        self.assertEqual(self.told("import os\nopen(os.path.join(os.path.dirname(__file__), 'keys', 'k'))\n"), ('missing-file', 'shop/keys/k', None))

    def test_libraries(self):
        for message, name in (
            ('libpq.so.5: cannot open shared object file: No such file or directory', 'libpq.so.5'),
            ("cannot load library 'libgobject-2.0-0': libgobject-2.0-0: cannot open shared", 'libgobject-2.0-0'),
        ):
            self.assertEqual(self.told('raise OSError(%r)\n' % message), ('missing-library', name, None))
        self.assertEqual(self.told("raise ImportError('failed to find libmagic.  Check your installation')\n"), ('missing-library', 'libmagic', None))

    def test_syntax(self):
        described = self.failing('A = 1\nB = (\n')
        self.assertEqual(described['kind'], 'syntax')
        self.assertTrue(described['name'].startswith('shop/settings.py:'))
        self.assertEqual(described['frames'][-1]['file'], 'shop/settings.py')

    def test_no_secret_is_told(self):
        described = self.failing("PASSWORD = 'hunter2hunter2'; raise ValueError('postgres://shop:hunter2hunter2@db/shop refused')\n")
        self.assertNotIn('hunter2', str(described))
        self.assertIn('postgres://shop:***@db/shop', described['message'])


if __name__ == '__main__':
    unittest.main()
