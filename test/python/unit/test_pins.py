"""Pins in real interpreters, on settings written in the ways real projects write them. No Django."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import ProjectCase, hold, pin

PRINT = 'import shop.settings as s; print(json.dumps({k: v for k, v in vars(s).items() if k.isupper()}, default=str))'


class Holding(ProjectCase):
    def settings(self, text, path='shop/settings.py'):
        self.write('shop/__init__.py', '')
        self.write(path, text)

    def test_a_literal_and_what_is_computed_from_it(self):
        self.settings(
            """
            DEBUG = True
            APPS = ['shop']
            if DEBUG:
                APPS += ['debug_toolbar']
            """
        )
        self.assertEqual(self.under_pins([hold('DEBUG', False)], PRINT), {'DEBUG': False, 'APPS': ['shop']})

    def test_split_settings_through_star_imports(self):
        self.settings('', 'shop/settings/__init__.py')
        self.settings('DEBUG = True\nLEVEL = "low" if DEBUG else "high"\n', 'shop/settings/base.py')
        self.settings('from .base import *\nDEBUG = True\nMODE = "dev" if DEBUG else "live"\n', 'shop/settings/production.py')
        code = 'import shop.settings.production as s; print(json.dumps([s.DEBUG, s.LEVEL, s.MODE]))'
        held = self.under_pins([hold('DEBUG', False)], code, 'shop.settings.production', ['shop.settings'])
        self.assertEqual(held, [False, 'high', 'live'])

    def test_comprehensions_functions_classes_and_lambdas_see_what_is_pinned(self):
        self.settings(
            """
            DEBUG = True
            LISTED = [DEBUG for _ in range(2)]
            MAPPED = {name: DEBUG for name in 'ab'}
            ASKED = (lambda: DEBUG)()
            def ask():
                return DEBUG
            CALLED = ask()
            class Body:
                DEBUG_INSIDE = DEBUG
            CLASSY = Body.DEBUG_INSIDE
            SUMMED = sum(1 for _ in range(3) if DEBUG)
            """
        )
        held = self.under_pins([hold('DEBUG', False)], PRINT)
        expected = {'LISTED': [False, False], 'MAPPED': {'a': False, 'b': False}, 'ASKED': False, 'CALLED': False}
        expected.update({'CLASSY': False, 'SUMMED': 0, 'DEBUG': False})
        self.assertEqual(held, expected)

    def test_changes_in_place_do_not_last(self):
        self.settings(
            """
            HOSTS = []
            HOSTS += ['*']
            HOSTS.append('evil.example')
            SEEN = list(HOSTS)
            """
        )
        held = self.under_pins([hold('HOSTS', ['shop.example'])], PRINT)
        self.assertEqual(held['HOSTS'], ['shop.example'])

    def test_a_pinned_list_is_fresh_for_every_module(self):
        self.settings('', 'shop/settings/__init__.py')
        self.settings('HOSTS = []\n', 'shop/settings/base.py')
        self.settings('from .base import *\nHOSTS.append("x")\n', 'shop/settings/live.py')
        code = 'import shop.settings.live as s, shop.settings.base as b; print(json.dumps([s.HOSTS, b.HOSTS, s.HOSTS is b.HOSTS]))'
        held = self.under_pins([hold('HOSTS', ['a'])], code, 'shop.settings.live', ['shop.settings'])
        self.assertEqual(held, [['a'], ['a'], False])

    def test_stores_past_the_namespace_are_put_right(self):
        self.settings(
            """
            import sys
            globals()['DEBUG'] = True
            globals().update(ONE=1)
            locals().update(ONE=1, TWO=3)
            setattr(sys.modules[__name__], 'TWO', 5)
            def late():
                global DEBUG
                DEBUG = True
            late()
            """
        )
        held = self.under_pins([hold('DEBUG', False), hold('ONE', 11), hold('TWO', 22)], PRINT)
        self.assertEqual(held, {'DEBUG': False, 'ONE': 11, 'TWO': 22})

    def test_deleting_a_pinned_name_is_no_error(self):
        self.settings('DEBUG = True\ndel DEBUG\nOTHER = 1\ndel OTHER\n')
        self.assertEqual(self.under_pins([hold('DEBUG', False)], PRINT), {'DEBUG': False})

    def test_files_executed_in_the_namespace(self):
        self.settings("X = 1\nexec(open('shop/more.py').read())\nexec(compile(open('shop/even_more.py').read(), 'e', 'exec'), globals())\n")
        self.write('shop/more.py', 'DEBUG = True\nMORE = DEBUG\n')
        self.write('shop/even_more.py', 'DEBUG = True\nEVEN_MORE = DEBUG\n')
        self.assertEqual(self.under_pins([hold('DEBUG', False)], PRINT), {'X': 1, 'DEBUG': False, 'MORE': False, 'EVEN_MORE': False})

    def test_exec_elsewhere_still_works_as_it_does(self):
        self.settings(
            """
            space = {}
            exec('DEBUG = 5', space)
            ELSEWHERE = space['DEBUG']
            def inside():
                found = {}
                exec('a = 1', {}, found)
                exec('b = 2')
                return found
            INSIDE = inside()
            """
        )
        code = PRINT + "; import builtins; assert type(builtins.exec).__name__ == 'builtin_function_or_method'"
        self.write('check.py', '')
        path = self.pins_file([hold('DEBUG', False)])
        done = self.python('-c', 'import slipway_runtime.activate, json\n' + code, env={'SLIPWAY_PINS': path})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('"ELSEWHERE": 5', done.stdout)
        self.assertIn('"INSIDE": {"a": 1}', done.stdout)

    def test_attributes_set_on_the_module_afterwards(self):
        self.settings('DEBUG = True\n')
        code = 'import shop.settings as s; s.DEBUG = True; s.OTHER = 3; print(json.dumps([s.DEBUG, s.OTHER]))'
        self.assertEqual(self.under_pins([hold('DEBUG', False)], code), [False, 3])

    def test_keys_that_only_the_project_has_can_still_be_reached_while_it_runs(self):
        self.settings(
            """
            LOGGING = {'handlers': {'file': {'filename': 'x.log'}}}
            LOGGING['handlers']['file']['level'] = 'INFO'
            LOGGING['handlers'].pop('file')
            NAMES = sorted(LOGGING['handlers'])
            """
        )
        held = self.under_pins([hold('LOGGING', {'handlers': {'console': {}}})], PRINT)
        self.assertEqual(held, {'LOGGING': {'handlers': {'console': {}}}, 'NAMES': ['console']})

    def test_reaching_them_works_across_a_star_import(self):
        self.settings('', 'shop/settings/__init__.py')
        self.settings("LOGGING = {'handlers': {'file': {}}}\n", 'shop/settings/base.py')
        self.settings("from .base import *\nLOGGING['handlers']['file']['level'] = 'INFO'\n", 'shop/settings/live.py')
        code = 'import shop.settings.live as s; print(json.dumps([s.LOGGING, type(s.LOGGING).__name__]))'
        held = self.under_pins([hold('LOGGING', {'handlers': {}})], code, 'shop.settings.live', ['shop.settings'])
        self.assertEqual(held, [{'handlers': {}}, 'dict'])

    def test_annotations_and_tuple_targets(self):
        self.settings('DEBUG: bool = True\nif True:\n    LATER: int = 1\n(DEBUG, OTHER) = (True, 2)\n')
        self.assertEqual(self.under_pins([hold('DEBUG', False)], PRINT), {'DEBUG': False, 'LATER': 1, 'OTHER': 2})

    def test_a_module_outside_the_root_is_left_alone(self):
        self.write('elsewhere/shop/__init__.py', '')
        self.write('elsewhere/shop/settings.py', 'DEBUG = True\n')
        path = self.pins_file([hold('DEBUG', False)])
        with open(path) as file:
            text = file.read().replace(self.root, os.path.join(self.root, 'project'))
        self.write('pins.json', text)
        code = 'import slipway_runtime.activate, sys; sys.path.insert(0, "elsewhere"); import shop.settings as s; print(s.DEBUG)'
        done = self.python('-c', code, env={'SLIPWAY_PINS': path})
        self.assertEqual(done.stdout.strip(), 'True', done.stderr)

    def test_a_failing_settings_module_fails_as_it_would(self):
        self.settings('import nonsense_that_is_not_there\n')
        path = self.pins_file([hold('DEBUG', False)])
        done = self.python('-c', 'import slipway_runtime.activate, shop.settings', env={'SLIPWAY_PINS': path})
        self.assertIn("No module named 'nonsense_that_is_not_there'", done.stderr)
        self.assertEqual(done.stderr.count('importlib'), 0, done.stderr)


class Types(ProjectCase):
    def shown(self, text, pins):
        self.write('shop/__init__.py', '')
        self.write('shop/settings.py', text)
        code = 'import shop.settings as s; print(json.dumps({k: [type(v).__name__, str(v)] for k, v in vars(s).items() if k.isupper()}))'
        return self.under_pins(pins, code)

    def test_the_type_of_the_projects_own_value(self):
        text = """
            import pathlib
            ROOT = pathlib.Path('/x') / 'y'
            BELOW = ROOT / 'media'
            HOSTS = ('a',)
            NAMES = {'a'}
            """
        shown = self.shown(text, [hold('ROOT', '/data'), hold('HOSTS', ['b']), hold('NAMES', ['c'])])
        self.assertEqual(shown['ROOT'], ['PosixPath', '/data'])
        self.assertEqual(shown['BELOW'], ['PosixPath', '/data/media'])
        self.assertEqual(shown['HOSTS'], ['tuple', "('b',)"])
        self.assertEqual(shown['NAMES'], ['set', "{'c'}"])

    def test_a_given_type_holds_from_the_first_line(self):
        text = 'FIRST = ROOT / "x"\nROOT = "text"\n'
        shown = self.shown(text, [hold('ROOT', '/data', type='path'), hold('AGE', 3600, type='timedelta'), hold('B', 'x', type='bytes')])
        self.assertEqual(shown['FIRST'], ['PosixPath', '/data/x'])
        self.assertEqual(shown['ROOT'], ['PosixPath', '/data'])
        self.assertEqual(shown['AGE'], ['timedelta', '1:00:00'])
        self.assertEqual(shown['B'], ['bytes', "b'x'"])

    def test_values_from_the_environment_anywhere(self):
        self.write('shop/__init__.py', '')
        self.write('shop/settings.py', 'SECRET_KEY = "literal"\nDERIVED = SECRET_KEY[:3]\n')
        pins = [hold('SECRET_KEY', {'env': 'KEY'}), hold('DATABASES', {'default': {'PASSWORD': {'env': 'PW'}, 'X': [{'env': 'KEY'}]}})]
        held = self.under_pins(pins, PRINT, env={'KEY': 'abcdef', 'PW': 'p'})
        expected = {'SECRET_KEY': 'abcdef', 'DERIVED': 'abc', 'DATABASES': {'default': {'PASSWORD': 'p', 'X': ['abcdef']}}}
        self.assertEqual(held, expected)
        path = self.pins_file(pins)
        done = self.python('-c', 'import slipway_runtime.activate, shop.settings', env={'SLIPWAY_PINS': path, 'PW': 'p'})
        self.assertIn('environment variable KEY', done.stderr)


class Adjusting(ProjectCase):
    def adjusted(self, text, pins):
        self.write('shop/__init__.py', '')
        self.write('shop/settings.py', text)
        return self.under_pins(pins, PRINT)

    def test_default_is_only_for_what_the_project_leaves_out(self):
        held = self.adjusted('A = 1\n', [pin('default', 'A', 5), pin('default', 'B', 6)])
        self.assertEqual(held, {'A': 1, 'B': 6})

    def test_merge_goes_deep_and_null_removes(self):
        text = "D = {'default': {'ENGINE': 'x', 'OPTIONS': {'a': 1}}, 'other': {'k': 1}}\n"
        held = self.adjusted(text, [pin('merge', 'D', {'default': {'OPTIONS': {'b': 2}}, 'other': None}), pin('merge', 'E', {'x': 1})])
        self.assertEqual(held, {'D': {'default': {'ENGINE': 'x', 'OPTIONS': {'a': 1, 'b': 2}}}, 'E': {'x': 1}})

    def test_merge_into_a_list_goes_by_place(self):
        text = "T = [{'B': 'x'}, {'B': 'y', 'OPTIONS': {'debug': True, 'k': 1}}]\n"
        held = self.adjusted(text, [pin('merge', 'T', {'1': {'OPTIONS': {'debug': False}}, '7': {'B': 'z'}})])
        self.assertEqual(held, {'T': [{'B': 'x'}, {'B': 'y', 'OPTIONS': {'debug': False, 'k': 1}}]})

    def test_extend_and_prepend_add_what_is_absent_in_the_projects_type(self):
        pins = [pin('extend', 'APPS', ['b', 'c']), pin('prepend', 'APPS', ['z', 'a']), pin('extend', 'T', [2]), pin('extend', 'N', ['n'])]
        held = self.adjusted("APPS = ['a', 'b']\nT = (1,)\nKIND = type(T).__name__\nN = None\n", pins)
        self.assertEqual(held, {'APPS': ['z', 'a', 'b', 'c'], 'T': [1, 2], 'KIND': 'tuple', 'N': ['n']})


class Activation(ProjectCase):
    def test_nothing_without_the_variable(self):
        done = self.python('-c', 'import slipway_runtime.activate, sys; print([m for m in sys.modules if m.startswith("slipway_runtime.pin")])')
        self.assertEqual(done.stdout.strip(), '[]')

    def test_an_unreadable_file_breaks_django_and_nothing_else(self):
        self.write('django/__init__.py', '')
        self.write('django/conf.py', '')
        for content in ('{', '[]', '{"settings_module": "a", "pins": [{}]}'):
            path = self.write('pins.json', content)
            done = self.python('-c', 'import slipway_runtime.activate, json, django; print("fine"); import django.conf', env={'SLIPWAY_PINS': path})
            self.assertEqual(done.stdout.strip(), 'fine')
            self.assertIn('cannot be read', done.stderr)
            self.assertEqual(done.returncode, 1)


if __name__ == '__main__':
    unittest.main()
