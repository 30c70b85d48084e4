"""One app's lines in a file of somebody else's: the rest of it stays as it is."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

TOOL = os.path.join(PYTHON, 'slipway_host_tools', 'managed_block.py')
OTHERS = '# by hand\nlocal all postgres peer\r\n\xe9 no newline at the end'


class Block(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file, self.lines = os.path.join(folder.name, 'pg_hba.conf'), os.path.join(folder.name, 'lines')
        self.write(self.file, OTHERS)
        os.chmod(self.file, 0o640)

    def write(self, path, text):
        with open(path, 'w', encoding='latin-1', newline='') as file:
            file.write(text)

    def read(self):
        with open(self.file, encoding='latin-1', newline='') as file:
            return file.read()

    def run_tool(self, verb, name='shop'):
        return subprocess.run([sys.executable, '-I', '-S', TOOL, verb, self.file, name, self.lines]).returncode

    def test_put_again_changed_and_away(self):
        self.write(self.lines, 'hostssl "shop" "shop" 10.0.0.1/32 scram-sha-256\n')
        self.assertEqual(self.run_tool('same'), 1)
        self.assertEqual(self.run_tool('put'), 0)
        self.assertEqual(self.run_tool('same'), 0)
        self.assertTrue(self.read().endswith(OTHERS))
        self.assertEqual(os.stat(self.file).st_mode & 0o777, 0o640)
        self.assertEqual(self.run_tool('put', 'blog'), 0)
        self.write(self.lines, 'hostssl "shop" "shop" 10.0.0.2/32 scram-sha-256\n')
        self.run_tool('put')
        self.assertEqual(self.read().count('10.0.0.2'), 1)
        self.assertEqual(self.read().count('begin slipway shop\n'), 1)
        self.write(self.lines, '')
        self.run_tool('put')
        self.run_tool('put', 'blog')
        self.assertEqual(self.read(), OTHERS)

    def test_a_block_without_its_end_takes_nothing_with_it(self):
        self.write(self.file, '# begin slipway shop\nold\n' + OTHERS)
        self.write(self.lines, 'new\n')
        self.run_tool('put')
        self.assertIn(OTHERS, self.read())


if __name__ == '__main__':
    unittest.main()
