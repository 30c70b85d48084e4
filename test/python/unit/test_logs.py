"""Log lines as JSON, whatever is logged."""
import io
import json
import logging
import logging.config
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

sys.path.insert(0, PYTHON)
from slipway_runtime import request_id


class Unprintable:
    def __str__(self):
        raise RuntimeError('no')

    __repr__ = __str__


class Logs(unittest.TestCase):
    def setUp(self):
        self.stream = io.StringIO()
        logging.config.dictConfig(
            {
                'version': 1,
                'disable_existing_loggers': False,
                'filters': {'request_id': {'()': 'slipway_runtime.logs.RequestIdFilter'}},
                'formatters': {'json': {'()': 'slipway_runtime.logs.JsonFormatter'}},
                'handlers': {
                    'console': {'class': 'logging.StreamHandler', 'stream': self.stream, 'formatter': 'json', 'filters': ['request_id']}
                },
                'loggers': {'shop': {'handlers': ['console'], 'level': 'DEBUG', 'propagate': False}},
            }
        )
        self.log = logging.getLogger('shop')
        self.addCleanup(request_id.set, '')

    def lines(self):
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def test_an_ordinary_line(self):
        request_id.set('abc123')
        self.log.warning('paid %d', 5)
        (line,) = self.lines()
        self.assertRegex(line.pop('time'), r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')
        self.assertEqual(line, {'level': 'warning', 'logger': 'shop', 'message': 'paid 5', 'request_id': 'abc123'})

    def test_exceptions_and_newlines_stay_in_one_line(self):
        try:
            raise ValueError('a\nb')
        except ValueError:
            self.log.exception('first\nsecond')
        (line,) = self.lines()
        self.assertEqual(line['message'], 'first\nsecond')
        self.assertIn('ValueError: a\nb', line['exception'])

    def test_nothing_makes_it_fail(self):
        self.log.info('%d', 'not a number')
        self.log.info(Unprintable())
        self.log.info('%s', Unprintable())
        self.log.info('lone \udc80 surrogate')
        self.log.info('too many', 1, 2)
        self.log.info('status', extra={'status_code': 500, 'request': Unprintable()})
        lines = self.lines()
        self.assertEqual(len(lines), 6)
        self.assertIn('not a number', lines[0]['message'])
        self.assertEqual(lines[5]['status'], 500)

    def test_an_id_cannot_forge_anything(self):
        self.assertEqual(request_id.clean('a"b\r\nc\x1b[0m é' + 'x' * 500)[:9], 'a"bc[0mxx')
        self.assertLessEqual(len(request_id.clean('x' * 500)), 200)


if __name__ == '__main__':
    unittest.main()
