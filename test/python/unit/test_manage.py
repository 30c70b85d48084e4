"""A build command of the project's has the app's secrets; what it starts in turn has none of them."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

COMMAND = """
import os, subprocess
from slipway_runtime.manage import keep_from_children
os.environ.update(STRIPE='canary', PLAIN='plain')
keep_from_children(frozenset(['STRIPE']))
script = 'echo "${STRIPE-none} ${PLAIN-none}"'
ways = [
    subprocess.check_output(script, shell=True).decode(),
    subprocess.check_output(script, shell=True, env=dict(os.environ)).decode(),
    os.popen(script).read(),
]
print(os.environ['STRIPE'], [way.strip() for way in ways])
"""


class ManageTest(unittest.TestCase):
    def test_what_it_starts_has_no_secrets(self):
        env = {'PATH': os.environ.get('PATH', ''), 'PYTHONPATH': PYTHON, 'PYTHONDONTWRITEBYTECODE': '1'}
        told = subprocess.check_output([sys.executable, '-c', COMMAND], env=env).decode().strip()
        self.assertEqual(told, "canary ['none plain', 'none plain', 'none plain']")


if __name__ == '__main__':
    unittest.main()
