"""Workers end with the process that was launched, and nothing else does."""
import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

# Tells its own and its child's number; the child is one that a server would have made.
PARENT = """
import os, subprocess, sys, time
os.environ['SLIPWAY_MAIN_PROCESS'] = str(os.getpid()) if sys.argv[1] == 'main' else '1234567'
child = subprocess.Popen([sys.executable, '-c', sys.argv[2]], stdout=subprocess.PIPE)
child.stdout.readline()
print(os.getpid(), child.pid, flush=True)
time.sleep(60)
"""
CHILD = """
import sys, time
sys.path.insert(0, %r)
from slipway_runtime.orphan import end_with_parent
end_with_parent()
print('ready', flush=True)
time.sleep(60)
""" % PYTHON


def is_running(pid):
    try:
        with open('/proc/%d/stat' % pid) as table:
            return table.read().rpartition(')')[2].split()[0] not in 'ZX'
    except OSError:
        return False


class Orphan(unittest.TestCase):
    def orphaned(self, which):
        """The number of a child whose parent has just been killed."""
        parent = subprocess.Popen([sys.executable, '-c', PARENT, which, CHILD], stdout=subprocess.PIPE)
        own, child = (int(word) for word in parent.stdout.readline().split())
        self.assertEqual(own, parent.pid)
        self.assertTrue(is_running(child))
        parent.kill()
        parent.wait()
        parent.stdout.close()
        return child

    def test_a_worker_ends_with_the_main_process(self):
        child = self.orphaned('main')
        deadline = time.monotonic() + 5
        while is_running(child) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertFalse(is_running(child))

    def test_what_another_has_started_goes_on(self):
        child = self.orphaned('another')
        self.addCleanup(os.kill, child, signal.SIGKILL)
        time.sleep(0.3)
        self.assertTrue(is_running(child))


if __name__ == '__main__':
    unittest.main()
