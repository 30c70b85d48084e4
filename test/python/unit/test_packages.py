"""Which packages of a served node_modules are collected."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON, ProjectCase

sys.path.insert(0, PYTHON)
from slipway_runtime.jobs import packages


class Unused(ProjectCase):
    def setUp(self):
        super().setUp()
        self.write('package.json', '{"dependencies": {"bootstrap": "5"}, "devDependencies": {"@shop/widgets": "1"}}')
        self.write('shop/templates/base.html', "{% static 'node/jquery/dist/jquery.js' %}")
        for name in ('bootstrap', '@shop/widgets', 'jquery', '@mui/icons', 'typescript'):
            self.write('node_modules/%s/index.js' % name, '')
        self.folder = os.path.join(self.root, 'node_modules')
        self.addCleanup(setattr, packages, 'MANY', packages.MANY)

    def test_a_large_folder_keeps_what_is_asked_for_and_what_is_named(self):
        packages.MANY = 3
        self.assertEqual(packages.unused(self.folder), {'@mui/icons', 'typescript'})

    def test_a_small_folder_is_left_alone(self):
        self.assertEqual(packages.unused(self.folder), frozenset())

    def test_the_package_of_a_file(self):
        self.assertEqual(packages.package_of('@mui/icons/x/y.js'), '@mui/icons')
        self.assertEqual(packages.package_of('jquery/dist/jquery.js'), 'jquery')


if __name__ == '__main__':
    unittest.main()
