"""What is told of a request to whoever knows the word; nobody else gets anything but the project."""
import os
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, PYTHON)
from slipway_runtime import inside


class Asked(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = os.path.join(folder.name, '1.verify')
        patch = mock.patch.dict(os.environ, {'SLIPWAY_DRAIN': os.path.join(folder.name, '1.drain')})
        patch.start()
        self.addCleanup(patch.stop)

    def word(self, text):
        with open(self.file, 'w', encoding='utf-8') as file:
            file.write(text)

    def test_only_while_there_is_a_word(self):
        self.assertFalse(inside.is_asked(inside.PATH, 'word'))
        self.word('word\n')
        self.assertTrue(inside.is_asked(inside.PATH, 'word'))
        self.assertFalse(inside.is_asked('/', 'word'))
        for wrong in ('', 'wor', 'words', 'wörd', '\udcff'):
            self.assertFalse(inside.is_asked(inside.PATH, wrong), wrong)

    def test_an_empty_or_strange_file_is_no_word(self):
        for text in ('', '\n', 'wörd'):
            self.word(text)
            for said in ('', text):
                self.assertFalse(inside.is_asked(inside.PATH, said))

    def test_without_a_place_for_it_nobody_is_told(self):
        self.word('word')
        for place in ('', '/nowhere/1'):
            with mock.patch.dict(os.environ, {'SLIPWAY_DRAIN': place}):
                self.assertFalse(inside.is_asked(inside.PATH, 'word'))


if __name__ == '__main__':
    unittest.main()
