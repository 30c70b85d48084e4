"""Who may try to log in, by the rule of nginx's limit_req."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

TOOLS = os.path.join(PYTHON, 'slipway_host_tools')
sys.path.insert(0, TOOLS)
import count_logins


class Counting(unittest.TestCase):
    def setUp(self):
        self.now = 1000.0
        self.attempts = count_logins.Attempts(lambda: self.now)

    def tries(self, times, address=b'192.0.2.1\n'):
        return [self.attempts.may(address) for _ in range(times)].count(True)

    def test_eleven_at_once_and_then_one_every_three_seconds(self):
        self.assertEqual(self.tries(30), 11)
        for pause, allowed in ((2.9, 0), (0.2, 1), (3, 1), (9, 3), (3600, 11)):
            self.now += pause
            self.assertEqual(self.tries(30), allowed, pause)

    def test_one_address_is_nothing_to_another(self):
        self.assertEqual(self.tries(30), 11)
        self.assertEqual(self.tries(30, b'2001:db8::1\n'), 11)

    def test_many_addresses_do_not_grow_for_ever_and_the_quietest_are_forgotten_first(self):
        self.tries(30)
        for number in range(count_logins.ADDRESSES - 1):
            self.attempts.may(b'%d' % number)
        self.assertEqual(self.tries(1), 0)
        for number in range(count_logins.ADDRESSES):
            self.attempts.may(b'other %d' % number)
        self.assertEqual(len(self.attempts.known), count_logins.ADDRESSES)
        self.assertEqual(self.tries(30), 11)

    def test_an_answer_to_every_line_at_once(self):
        program = [sys.executable, '-I', '-S', os.path.join(TOOLS, 'count_logins.py')]
        process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        answers = []
        for _ in range(14):
            process.stdin.write(b'192.0.2.1\n')
            process.stdin.flush()
            answers.append(process.stdout.readline())
        process.stdin.close()
        process.stdout.close()
        self.assertEqual(process.wait(10), 0)
        self.assertEqual(answers, [b'go\n'] * 11 + [b'wait\n'] * 3)
