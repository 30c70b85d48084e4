"""The scheduler of jobs: when they are due, and that none runs twice."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import datetime

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support import PYTHON

TOOLS = os.path.join(PYTHON, 'slipway_tools')
sys.path.insert(0, TOOLS)
from scheduler import GRACE, Scheduler
from wall_clock import due, latest_due

ALL = {
    'minutes': list(range(60)),
    'hours': list(range(24)),
    'days': list(range(1, 32)),
    'months': list(range(1, 13)),
    'weekdays': list(range(7)),
    'eitherDay': False,
    'fixed': False,
}
NOON = 29000000


def job(**fields):
    return dict(ALL, **fields)


class Zone(unittest.TestCase):
    zone = 'Europe/Copenhagen'

    def setUp(self):
        if not os.path.exists('/usr/share/zoneinfo/' + self.zone):
            self.skipTest('no time zone data')
        before = os.environ.get('TZ')
        os.environ['TZ'] = self.zone
        time.tzset()
        self.addCleanup(self.back, before)

    def back(self, before):
        os.environ.pop('TZ')
        if before is not None:
            os.environ['TZ'] = before
        time.tzset()

    def runs(self, job, first, hours):
        """Local times, each as `HH:MM`, at which it runs in the hours after `first`, a local time."""
        start = int(datetime(*first).timestamp()) // 60
        minutes = [minute for minute in range(start, start + 60 * hours) if due(job, minute)]
        return [datetime.fromtimestamp(minute * 60).strftime('%H:%M') for minute in minutes]


class Due(Zone):
    def test_every_field_counts(self):
        at = job(minutes=[15], hours=[4], days=[21], months=[11], fixed=True)
        self.assertEqual(self.runs(at, (2026, 11, 20), 48), ['04:15'])
        self.assertEqual(self.runs(dict(at, months=[10]), (2026, 11, 20), 48), [])
        self.assertEqual(self.runs(job(minutes=[0, 30]), (2026, 11, 20, 9), 1), ['09:00', '09:30'])

    def test_the_days(self):
        def days(**fields):
            at = job(minutes=[0], hours=[4], **fields)
            start = int(datetime(2026, 11, 1).timestamp()) // 60
            return [datetime.fromtimestamp(m * 60).day for m in range(start, start + 14 * 1440) if due(at, m)]

        self.assertEqual(days(weekdays=[0]), [1, 8], 'Sundays')
        self.assertEqual(days(days=[2, 3, 8], weekdays=[0]), [8], 'one of them is not narrowed: both')
        self.assertEqual(days(days=[2, 3, 8], weekdays=[0], eitherDay=True), [1, 2, 3, 8], 'both narrowed: either')

    def test_clocks_that_go_forward_leave_no_set_time_out(self):
        night = (2026, 3, 29)
        self.assertEqual(self.runs(job(minutes=[30], hours=[2], fixed=True), night, 5), ['03:00'])
        self.assertEqual(self.runs(job(minutes=[0], hours=[3], fixed=True), night, 5), ['03:00'])
        self.assertEqual(self.runs(job(minutes=[30]), night, 4), ['00:30', '01:30', '03:30', '04:30'])

    def test_clocks_that_go_back_repeat_no_set_time(self):
        night = (2026, 10, 25)
        self.assertEqual(self.runs(job(minutes=[30], hours=[2], fixed=True), night, 6), ['02:30'])
        self.assertEqual(self.runs(job(minutes=[30]), night, 5), ['00:30', '01:30', '02:30', '02:30', '03:30'])

    def test_the_latest_of_several(self):
        self.assertEqual(latest_due(job(), NOON, NOON + 5), NOON + 5)
        self.assertEqual(latest_due(job(), NOON, NOON), None)


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='slipway-cron-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.lines = []

    def job(self, name, code, **fields):
        log = os.path.join(self.folder, name + '.log')
        return dict(job(**fields), name=name, argv=[sys.executable, '-c', code], log=log, stop_seconds=fields.get('stop_seconds', 5))

    def scheduler(self, *jobs, **options):
        def tell(level, message, **fields):
            self.lines.append((level, message.split(' after')[0]))

        return Scheduler({'jobs': jobs, 'folder': os.path.join(self.folder, 'state')}, tell, options.get('now', NOON))

    def wait(self, scheduler):
        end = time.time() + 20
        while scheduler.running and time.time() < end:
            time.sleep(0.02)
            scheduler.reap()
        self.assertEqual(scheduler.running, {})

    def log(self, name):
        with open(os.path.join(self.folder, name + '.log')) as file:
            lines = file.read().splitlines()
        self.assertRegex(lines[0], r'^\{"time": ".*Z", .*"message": "run of .*"')
        return [line for line in lines if not line.startswith('{')]

    def starts(self):
        return [message for _, message in self.lines].count('a started')


class Ticks(Folder):
    def setUp(self):
        Folder.setUp(self)
        self.a = self.job('a', 'print("ran")')

    def test_one_run_a_minute(self):
        scheduler = self.scheduler(self.a)
        for minute in (NOON, NOON, NOON + 1, NOON + 1, NOON, NOON + 1):
            scheduler.tick(minute)
            self.wait(scheduler)
        self.assertEqual(self.lines, [('info', 'a started'), ('info', 'a ended with exit code 0')])
        self.assertEqual(self.log('a'), ['ran'])

    def test_missed_minutes_are_one_run(self):
        scheduler = self.scheduler(self.a)
        scheduler.tick(NOON + 45)
        self.wait(scheduler)
        self.assertEqual(self.starts(), 1)

    def test_a_set_time_that_was_missed_for_long_is_left_out(self):
        now = int(datetime(2026, 11, 21, 12, 0).timestamp()) // 60
        missed = self.job('a', 'pass', minutes=[30], hours=[8], fixed=True)
        scheduler = self.scheduler(missed, now=now - 5 * 60)
        scheduler.tick(now)
        self.assertEqual(self.starts(), 0)
        other = self.scheduler(missed, now=now)
        other.last = now - 5 * 60
        other.tick(now - 3 * 60)
        self.wait(other)
        self.assertEqual(self.starts(), 1)

    def test_the_next_scheduler_goes_on_where_the_last_one_was(self):
        first = self.scheduler(self.a)
        first.tick(NOON + 1)
        self.wait(first)
        self.scheduler(self.a, now=NOON + 1).tick(NOON + 1)
        later = self.scheduler(self.a, now=NOON + 3)
        later.tick(NOON + 3)
        self.wait(later)
        self.assertEqual(self.starts(), 2)

    def test_a_clock_that_was_far_ahead_does_not_silence_jobs(self):
        scheduler = self.scheduler(self.a)
        scheduler.tick(NOON + 10 * GRACE)
        self.wait(scheduler)
        for minute in (NOON + 5, NOON + 6):
            scheduler.tick(minute)
            self.wait(scheduler)
        self.assertEqual(self.starts(), 2)
        self.assertIn(('warning', 'the clock went back by 595 minutes'), self.lines)

    def test_a_file_that_says_nothing(self):
        scheduler = self.scheduler(self.a)
        with open(scheduler.path(), 'w') as file:
            file.write('nonsense')
        self.assertEqual(self.scheduler(self.a).last, NOON)


class Runs(Folder):
    def test_no_two_at_the_same_time_even_of_two_schedulers(self):
        slow = self.job('a', 'import time; print("ran", flush=True); time.sleep(60)')
        first = self.scheduler(slow)
        first.tick(NOON + 1)
        self.addCleanup(first.running['a'].send, signal.SIGKILL)
        first.tick(NOON + 2)
        second = self.scheduler(slow)
        second.tick(NOON + 3)
        self.assertEqual(second.running, {})
        left_out = [line for line in self.lines if line[0] == 'warning']
        self.assertEqual(len(left_out), 2)
        self.assertRegex(left_out[0][1], '^a is still running: its run of .* is left out$')
        first.running['a'].send(signal.SIGKILL)
        self.wait(first)
        self.assertIn(('error', 'a was ended by SIGKILL'), self.lines)
        second.tick(NOON + 4)
        self.assertEqual(list(second.running), ['a'])
        second.running['a'].send(signal.SIGKILL)
        self.wait(second)

    def test_one_that_cannot_be_started_stops_no_other(self):
        broken = dict(self.job('broken', ''), argv=[os.path.join(self.folder, 'none')])
        scheduler = self.scheduler(broken, self.job('a', 'raise SystemExit(3)'))
        scheduler.tick(NOON + 1)
        self.wait(scheduler)
        self.assertEqual([level for level, _ in self.lines], ['error', 'info', 'error'])
        self.assertEqual(self.lines[-1], ('error', 'a ended with exit code 3'))

    def test_a_large_log_is_turned_over(self):
        scheduler = self.scheduler(self.job('a', 'print("ran")'))
        with open(os.path.join(self.folder, 'a.log'), 'wb') as file:
            file.truncate(11 * 1024 * 1024)
        scheduler.tick(NOON + 1)
        self.wait(scheduler)
        self.assertEqual(self.log('a'), ['ran'])
        self.assertTrue(os.path.exists(os.path.join(self.folder, 'a.log.1')))

    def test_what_runs_may_finish_and_is_ended_when_it_takes_too_long(self):
        quick = self.job('quick', 'import time; time.sleep(0.3)')
        slow = self.job('slow', 'import time; time.sleep(60)', stop_seconds=1)
        scheduler = self.scheduler(quick, slow)
        scheduler.tick(NOON + 1)
        began = time.time()
        scheduler.finish(time.sleep)
        self.assertLess(time.time() - began, 8)
        self.assertIn(('info', 'quick ended with exit code 0'), self.lines)
        self.assertIn(('error', 'slow was ended by SIGTERM'), self.lines)


class Program(Folder):
    def test_it_ends_when_asked_and_writes_lines(self):
        jobs = os.path.join(self.folder, 'jobs.json')
        late = self.job('late', 'import time; time.sleep(1); print("done")')
        state = os.path.join(self.folder, 'state')
        os.makedirs(state)
        with open(os.path.join(state, 'minute'), 'w') as file:
            file.write(str(int(time.time() // 60) - 3))
        with open(jobs, 'w') as file:
            json.dump({'zone': 'Nowhere/Land', 'folder': state, 'jobs': [late]}, file)
        argv = [sys.executable, '-I', '-S', '-B', os.path.join(TOOLS, 'cron.py'), jobs]
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, universal_newlines=True)
        self.addCleanup(process.kill)
        lines = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=20)[0].splitlines()
        lines += [json.loads(line) for line in rest]
        self.assertEqual(process.returncode, 0)
        self.assertEqual([line['level'] for line in lines], ['warning', 'info', 'info', 'info', 'info'])
        self.assertIn('Nowhere/Land', lines[0]['message'])
        self.assertEqual((lines[-1]['job'], lines[-1]['exit_code']), ('late', 0))
        self.assertGreaterEqual(lines[-1]['seconds'], 0.5)
        self.assertEqual(self.log('late'), ['done'])


if __name__ == '__main__':
    unittest.main()
