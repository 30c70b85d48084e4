"""What a ready answer says of threads, alarms and children that came with the application."""
import json
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON, ProjectCase

sys.path.insert(0, PYTHON)
from slipway_runtime.background import Background, age


class Names(unittest.TestCase):
    def test_nothing_where_nothing_came(self):
        background = Background()
        background.loaded()
        self.assertEqual(background.names(), [])

    def test_threads_that_came_and_are_still_there(self):
        end = threading.Event()
        self.addCleanup(end.set)
        before = threading.Thread(target=end.wait, name='before', daemon=True)
        before.start()
        background = Background()
        timer = threading.Timer(60, end.set)
        timer.daemon = True
        timer.name = 'doom'
        timer.start()
        short = threading.Thread(target=lambda: None, name='short')
        short.start()
        short.join()
        background.loaded()
        after = threading.Thread(target=end.wait, name='after', daemon=True)
        after.start()
        self.assertEqual(background.names(), ['doom'])
        timer.cancel()
        timer.join()
        self.assertEqual(background.names(), [])

    def test_a_thread_that_threading_does_not_know(self):
        import _thread

        held = _thread.allocate_lock()
        held.acquire()
        self.addCleanup(held.release)
        started = _thread.allocate_lock()
        started.acquire()
        background = Background()
        _thread.start_new_thread(lambda: (started.release(), held.acquire()), ())
        started.acquire()
        background.loaded()
        self.assertEqual(background.names(), ['a thread'])
        held.release()
        deadline = time.time() + 5
        while background.names() and time.time() < deadline:
            time.sleep(0.01)
        self.assertEqual(background.names(), [])
        held.acquire(False)

    def test_an_alarm(self):
        background = Background()
        self.addCleanup(signal.setitimer, signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_REAL, 600)
        background.loaded()
        self.assertEqual(background.names(), ['alarm'])

    @unittest.skipUnless(os.path.exists('/proc/self/task/%d/children' % os.getpid()), 'this kernel does not tell of children')
    def test_children(self):
        background = Background()
        child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE)
        background.loaded()
        self.assertEqual(background.names(), ['process %d' % child.pid])
        child.communicate(b'\n')
        self.assertEqual(background.names(), [])


class Age(unittest.TestCase):
    def test_grows_with_the_process(self):
        first = age()
        self.assertTrue(0 <= first < 600, first)
        code = 'import time; time.sleep(0.3); from slipway_runtime.background import age; print(age())'
        done = subprocess.run([sys.executable, '-c', code], env=dict(os.environ, PYTHONPATH=PYTHON), stdout=subprocess.PIPE)
        self.assertTrue(0.2 < float(done.stdout) < first + 60, done.stdout)


class WholeApplication(ProjectCase):
    """With the least of a Django: the modules that the runtime imports."""

    def setUp(self):
        super().setUp()
        self.write('django/__init__.py', '')
        self.write('django/apps.py', 'class apps:\n    ready = True\n')
        self.write('django/conf.py', "class settings:\n    ROOT_URLCONF = 'shop_urls'\n")
        self.write(
            'django/urls.py',
            """
            import importlib


            class Resolver:
                @property
                def url_patterns(self):
                    from django.conf import settings
                    return importlib.import_module(settings.ROOT_URLCONF)


            get_resolver = Resolver
            """,
        )
        self.write('shop_wsgi.py', 'def application(environ, start_response):\n    return []\n')

    def load(self, urls):
        self.write('shop_urls.py', urls)
        code = 'import json, slipway_runtime.wsgi; from slipway_runtime import health; print(json.dumps(health.background.names()), flush=True); import os; os._exit(0)'
        return self.python('-c', code, env={'SLIPWAY_APPLICATION': 'shop_wsgi:application', 'PYTHONPATH': PYTHON + os.pathsep + self.root})

    def test_a_timer_that_the_urls_start(self):
        done = self.load("import threading\ntimer = threading.Timer(30, print)\ntimer.name = 'doom'\ntimer.start()\n")
        self.assertEqual((done.returncode, json.loads(done.stdout)), (0, ['doom']), done.stderr)

    def test_an_exit_is_an_error(self):
        done = self.load('import sys\nsys.exit(9)\n')
        self.assertEqual(done.returncode, 1)
        self.assertIn('RuntimeError: the project ended the interpreter while it was imported: sys.exit(9)', done.stderr)

    def test_urls_that_are_wrong_are_told_at_once(self):
        done = self.load('from shop.views import nothing\n')
        self.assertEqual(done.returncode, 1)
        self.assertIn('shop_urls.py', done.stderr)


if __name__ == '__main__':
    unittest.main()
