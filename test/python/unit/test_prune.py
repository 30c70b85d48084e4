"""What no release needs goes; what is live, runs, can be gone back to or is somebody else's stays."""
import json
import os
import sys
import tempfile
import time
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, os.path.join(PYTHON, 'slipway_host_tools'))
import prune

LONG_AGO = time.time() - 30 * 24 * 3600


class Pruned(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.states = os.path.join(folder.name, 'srv')
        self.state = os.path.join(self.states, 'shop')
        self.home = os.path.join(folder.name, 'opt')

    def write(self, path, text=''):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w') as file:
            file.write(text)
        os.utime(path, (LONG_AGO, LONG_AGO))

    def release(self, version, held=True, static='s', environment='e', app='shop'):
        folder = os.path.join(self.states, app, 'releases', version)
        options = {'staticKey': static, 'venv': '/opt/slipway/environments/%s' % environment}
        self.write(os.path.join(folder, 'release.json'), json.dumps({'release': {'options': options}}))
        if held:
            self.write(os.path.join(folder, 'verified'))

    def left(self, *parts):
        return sorted(os.listdir(os.path.join(*parts)))

    def prune_app(self, keep, running=()):
        with mock.patch.object(prune, 'running', return_value=set(running)):
            prune.prune_app(self.state, 'shop', keep)

    def test_releases_and_their_static_files(self):
        for number in range(1, 7):
            self.release('r%d' % number, held=number != 4, static='s%d' % (number % 5))
        for name in ('s0', 's1', 's2', 's3', 's4', 'kept', 'old'):
            self.write(os.path.join(self.state, 'static', name, 'file'))
        # Gone back to: not the newest is live. One still finishes its work.
        os.symlink('releases/r1', os.path.join(self.state, 'live'))
        self.prune_app(2, running=['r2'])
        self.assertEqual(self.left(self.state, 'releases'), ['r1', 'r2', 'r5', 'r6'])
        self.assertEqual(self.left(self.state, 'static'), ['kept', 's0', 's1', 's2'])

    def test_environments_that_no_release_of_any_app_names(self):
        self.release('r1', environment='used')
        self.release('r1', environment='of-another', app='blog')
        for name in ('used', 'of-another', 'a', 'b', 'c', 'd', 'e'):
            self.write(os.path.join(self.home, 'environments', name, '.complete'))
        fresh = os.path.join(self.home, 'environments', 'd', '.complete')
        os.utime(fresh)
        prune.prune_home(self.home, self.states, 'hash')
        left = self.left(self.home, 'environments')
        self.assertEqual(len(left), 2 + prune.SPARE)
        self.assertLessEqual({'used', 'of-another', 'd'}, set(left))

    def test_the_store_keeps_what_a_release_links(self):
        store = os.path.join(self.home, 'store')
        linked, idle = os.path.join(store, 'aa', 'linked'), os.path.join(store, 'bb', 'idle')
        self.write(linked)
        self.write(idle)
        os.link(linked, os.path.join(self.home, 'a-release'))
        with mock.patch.object(prune, 'STORE_SECONDS', -60):
            prune.sweep_store(store)
        self.assertEqual((os.path.exists(linked), os.path.exists(idle)), (True, False))
        self.write(idle)
        prune.sweep_store(store)
        self.assertTrue(os.path.exists(idle), 'it came a moment ago')


if __name__ == '__main__':
    unittest.main()
