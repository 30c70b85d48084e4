"""What is told to others holds no secret."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, PYTHON)
from slipway_runtime.redaction import Secrets, redact_source, redact_text


class Redaction(unittest.TestCase):
    def test_texts(self):
        table = [
            ('postgres://u:p4ss@h:5432/db', 'postgres://u:***@h:5432/db'),
            ('redis://:p@ss/word@h/0', 'redis://:***@h/0'),
            ('amqp://u:a:b@h//', 'amqp://u:***@h//'),
            ('https://abcdef0123@sentry.io/5', 'https://***@sentry.io/5'),
            ('https://x.example/?a=1&token=abc&b=2', 'https://x.example/?a=1&token=***&b=2'),
            ('host=db password=abc user=me', 'host=db password=*** user=me'),
            ('https://x.example/@me/a', 'https://x.example/@me/a'),
            ('http://localhost:8000/a', 'http://localhost:8000/a'),
            ('nothing here', 'nothing here'),
        ]
        for text, expected in table:
            self.assertEqual(redact_text(text), expected)

    def test_source(self):
        table = [
            ("SECRET_KEY = 'abc'", "SECRET_KEY = '***'"),
            ('API_TOKEN: str = "a\\"b"', 'API_TOKEN: str = "***"'),
            ("DEBUG = 'abc'", "DEBUG = 'abc'"),
            ("X = {'PASSWORD': 'abc', 'HOST': 'h'}", "X = {'PASSWORD': '***', 'HOST': '***'}"),
        ]
        for text, expected in table:
            self.assertEqual(redact_source(text), expected)

    def test_struck_wherever_it_turns_up_but_never_in_ordinary_words(self):
        secrets = Secrets()
        secrets.add({'a': ['s3cr3t-value', 'postgres']})
        told = secrets.strike({'engine': 'django.db.backends.postgresql', 'x': ['say s3cr3t-value!', 5, None]})
        self.assertEqual(told, {'engine': 'django.db.backends.postgresql', 'x': ['say ***!', 5, None]})


if __name__ == '__main__':
    unittest.main()
