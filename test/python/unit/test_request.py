"""Secrets come with the request: nobody sees them in what the process was started with, or in its memory."""
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

ASKED = """
import os, sys
from slipway_runtime import request
asked = request.read()
print(sorted(asked), asked['secrets'], os.environ['STRIPE'], flush=True)
os.read(%d, 1)
"""


@unittest.skipUnless(sys.platform.startswith('linux'), 'there is no /proc')
class RequestTest(unittest.TestCase):
    def test_variables_of_the_request_are_its_own_alone(self):
        wait, end = os.pipe()
        env = {'PATH': os.environ.get('PATH', ''), 'PYTHONPATH': PYTHON, 'PYTHONDONTWRITEBYTECODE': '1'}
        child = subprocess.Popen(
            [sys.executable, '-c', ASKED % wait], env=env, pass_fds=[wait], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            child.stdin.write(json.dumps({'root': '/', 'environment': {'STRIPE': 'canary'}}).encode())
            child.stdin.close()
            self.assertEqual(child.stdout.readline().decode().strip(), "['root', 'secrets'] ['STRIPE'] canary")
            # Root may look into it all the same, and finds nothing; others of the same user are kept out.
            self.assertEqual(os.stat('/proc/%d/mem' % child.pid).st_uid, 0)
            if os.geteuid() == 0:
                with open('/proc/%d/environ' % child.pid, 'rb') as started:
                    self.assertNotIn(b'canary', started.read())
            else:
                self.assertRaises(PermissionError, open, '/proc/%d/environ' % child.pid, 'rb')
        finally:
            os.write(end, b'x')
            child.wait()
            child.stdout.close()
            os.close(wait)
            os.close(end)


if __name__ == '__main__':
    unittest.main()
