"""Does what a release needs before it serves, in one process that sets the project up once: ``python -m slipway_runtime.tasks``.

``{"root", "directory", "manage", "settings", "configuration", "environment", "jobs": [{"job": name, …}], "go_on"}`` on standard input; on standard output a marked line for
each event, ``@@SLIPWAY@@{"job", "event": "progress"|"done"|"failed", …}``. The first job that fails, or whose answer has `stop`, ends it, unless `go_on` is true; exit code 1 in either case.
A project that cannot be set up is ``{"job": "setup", "event": "failed", "error": ProbeError}``. What the commands themselves print goes to standard error.
"""
import importlib
import sys
import time

from . import request
from .answers import Answers, leave
from .entry import Entry
from .jobs import JobFailed
from .probing.environment_reads import EnvironmentReads
from .probing.errors import Errors
from .probing.ground import Ground
from .redaction import redact_text

JOBS = ('check', 'drift', 'makemigrations', 'plan', 'migrate', 'collectstatic', 'createcachetable')


class Tasks:
    """The jobs of one request, in their order."""

    def __init__(self, request, answers):
        self._request = request
        self._send = answers.send
        self._entry = Entry(request)
        ground = Ground(self._entry.root)
        self._reads = EnvironmentReads(ground)
        self._errors = Errors(ground, self._reads)

    def run(self):
        """The exit code."""
        jobs = self._request.get('jobs') or []
        if not self._set_up(jobs):
            return 1
        if self._request.get('go_on'):
            return 0 if all([self._do(job) for job in jobs]) else 1
        return 0 if all(self._do(job) for job in jobs) else 1

    def _set_up(self, jobs):
        self._reads.start()
        try:
            # Settings that look at argv see the command that is to run.
            self._entry.enter(jobs[0]['job'] if jobs else 'check')
            self._entry.choose_settings()
            import django

            django.setup()
        except BaseException as error:
            self._fail('setup', error)
            return False
        return True

    def _do(self, job):
        name = job.get('job')
        since = time.monotonic()
        sys.argv[1:] = [str(name)]
        try:
            if name not in JOBS:
                raise JobFailed('there is no job %r; there are %s' % (name, ', '.join(JOBS)))
            module = importlib.import_module('slipway_runtime.jobs.' + name)
            done = module.run(dict(job, root_of_project=self._entry.root), lambda **fields: self._tell(name, 'progress', fields))
        except BaseException as error:
            self._fail(name, error)
            return False
        finally:
            _close_connections()
        self._tell(name, 'done', dict({'seconds': round(time.monotonic() - since, 3)}, **done))
        return not done.get('stop')

    def _fail(self, name, error):
        described = self._errors.describe(error)
        fields = dict(getattr(error, 'fields', {}), error=described)
        fields['message'] = redact_text(str(error)) if isinstance(error, JobFailed) else described['message']
        self._tell(name, 'failed', fields)

    def _tell(self, name, event, fields):
        self._send(dict({'job': name, 'event': event}, **fields))


def _close_connections():
    try:
        from django.db import connections

        connections.close_all()
    except Exception:  # the failure that is told already is the one that matters
        pass


def main():
    """Read the request, do the jobs, end the process."""
    answers = Answers()
    code = Tasks(request.read(), answers).run()
    leave(code)


if __name__ == '__main__':
    main()
