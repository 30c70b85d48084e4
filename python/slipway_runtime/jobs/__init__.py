"""What a release needs done before it serves, a file for each job: `run(job, tell)`, where `tell(**fields)` reports progress.

A job returns the fields of its `done` event, or raises; JobFailed carries fields of its own.
"""


class JobFailed(Exception):
    """A job that did not get through for a reason it can name: `fields` join the `failed` event."""

    def __init__(self, message, **fields):
        super().__init__(message)
        self.fields = fields
