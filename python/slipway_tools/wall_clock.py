"""Whether a job of a schedule is due in a minute. Minutes are those since 1970; a schedule is wall-clock time in the process's own time zone.

A job is a dict with the lists `minutes`, `hours`, `days`, `months`, `weekdays` (0 is Sunday) and the flags `eitherDay` and `fixed`
(src/core/schedule.ts).
"""

from datetime import datetime, timedelta

# A clock that is put forward by more was wrong before.
LONGEST_GAP = 180


def due(job, minute):
    """True when `job` runs in `minute`. One with a set time runs once on the days on which clocks change, as cron has it: see cron(8)."""
    wall = datetime.fromtimestamp(minute * 60)
    if not job["fixed"]:
        return matches(job, wall)
    if wall.fold:
        return False
    return any(matches(job, moment) for moment in [wall] + skipped_before(minute, wall))


def skipped_before(minute, wall):
    """The wall-clock minutes that were left out right before: clocks went forward."""
    before = datetime.fromtimestamp((minute - 1) * 60)
    gap = int((wall - before).total_seconds()) // 60 - 1
    return [before + timedelta(minutes=index + 1) for index in range(gap)] if 0 < gap <= LONGEST_GAP else []


def matches(job, wall):
    if wall.minute not in job["minutes"] or wall.hour not in job["hours"] or wall.month not in job["months"]:
        return False
    day, weekday = wall.day in job["days"], wall.isoweekday() % 7 in job["weekdays"]
    return day or weekday if job["eitherDay"] else day and weekday


def latest_due(job, after, until):
    """The last minute behind `after`, up to `until`, in which `job` was due; None when there is none."""
    return next((minute for minute in range(until, after, -1) if due(job, minute)), None)
