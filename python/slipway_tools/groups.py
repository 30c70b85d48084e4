"""Groups of supervised processes, as idempotent commands.

groups.py SOCKET apply GROUP...    take each group's file in and have it run; replace it where the file has changed; 1 when one was refused
groups.py SOCKET applied GROUP...  0 when `apply` would change nothing, else 1
groups.py SOCKET up GROUP...       0 when every process is starting or running, 1 when one has ended, waits to be tried again, or is not known
groups.py SOCKET works GROUP NAME  as `up`, and prints the ids of the workers of the process NAME, one a line
groups.py SOCKET settled GROUP...  0 when every process is running, else 1
groups.py SOCKET stop GROUP...     stop and forget; what is not known is already so
groups.py SOCKET prune             stop and forget every group whose file is gone
groups.py SOCKET restart GROUP [NAME...]

Exit 2 when supervisord does not answer. Run with `python -I -S`: nothing but the standard library is needed.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from supervisor_rpc import ALREADY_ADDED, ALREADY_STARTED, BAD_NAME, NOT_RUNNING, STILL_RUNNING, UP, Fault, Supervisor  # noqa: E402

# A process may take its own stop seconds; supervisord kills it after those, so an answer always comes.
LONG = 3600
POLL = 0.05


def main(arguments):
    if len(arguments) < 2 or arguments[1] not in COMMANDS:
        sys.stderr.write(__doc__)
        return 64
    path, command, groups = arguments[0], arguments[1], arguments[2:]
    try:
        return COMMANDS[command](Supervisor(path), groups)
    except Fault as fault:
        sys.stderr.write("supervisord refused: %s\n" % fault)
        return 1
    except OSError as error:
        sys.stderr.write("supervisord does not answer at %s: %s\n" % (path, error))
        return 2


def apply(supervisor, groups):
    _, changed, _ = supervisor.call("reloadConfig")[0]
    for group in groups:
        if group in changed:
            forget(supervisor, group)
        if supervisor.tolerate((ALREADY_ADDED,), "addProcessGroup", group) is None and not all_up(supervisor, group):
            until_none_is_stopping(supervisor, group)
            supervisor.call("startProcessGroup", group, False)
    return 0


def applied(supervisor, groups):
    added, changed, _ = supervisor.call("reloadConfig")[0]
    return 0 if not set(groups) & set(added + changed) and all(all_up(supervisor, group) for group in groups) else 1


def up(supervisor, groups):
    return 0 if all(all_up(supervisor, group) for group in groups) else 1


def works(supervisor, arguments):
    group, name = arguments
    for process in supervisor.processes(group):
        if process["name"] == name and process["pid"]:
            sys.stdout.writelines("%s\n" % pid for pid in workers_of(process["pid"]))
    return up(supervisor, [group])


def workers_of(main):
    """Processes that one has started of its own program, but for the one that cleans up after `multiprocessing`; none where the kernel does not tell."""
    children = []
    try:
        for task in os.listdir("/proc/%d/task" % main):
            with open("/proc/%d/task/%s/children" % (main, task)) as table:
                children.extend(table.read().split())
    except OSError:
        pass
    return [pid for pid in children if is_worker(pid, main)]


def is_worker(pid, main):
    try:
        # One that has ended and is not waited for has none.
        if not os.path.samefile("/proc/%s/exe" % pid, "/proc/%d/exe" % main):
            return False
        with open("/proc/%s/cmdline" % pid, "rb") as line:
            return b"resource_tracker" not in line.read()
    except OSError:
        return False


def settled(supervisor, groups):
    return 0 if all(all_up(supervisor, group, ("RUNNING",)) for group in groups) else 1


def all_up(supervisor, group, states=UP):
    processes = supervisor.processes(group)
    return bool(processes) and all(process["statename"] in states for process in processes)


def stop(supervisor, groups):
    supervisor.call("reloadConfig")
    for group in groups:
        forget(supervisor, group)
    return 0


def forget(supervisor, group):
    while True:
        supervisor.tolerate((BAD_NAME, NOT_RUNNING), "stopProcessGroup", group, True, timeout=LONG)
        # That call passes over what somebody else has told to stop: a drain, or a run that was interrupted.
        until_none_is_stopping(supervisor, group)
        try:
            supervisor.tolerate((BAD_NAME,), "removeProcessGroup", group)
            return
        except Fault as fault:
            if fault.code != STILL_RUNNING:
                raise


def until_none_is_stopping(supervisor, group):
    while any(process["statename"] == "STOPPING" for process in supervisor.processes(group)):
        time.sleep(POLL)


def prune(supervisor, _groups):
    _, _, removed = supervisor.call("reloadConfig")[0]
    return stop(supervisor, removed)


def restart(supervisor, arguments):
    group, names = arguments[0], arguments[1:]
    known = supervisor.processes(group)
    if not known or set(names) - {process["name"] for process in known}:
        raise Fault(BAD_NAME, "there is no such process in %s" % group)
    for process in known:
        if names and process["name"] not in names:
            continue
        spec = "%s:%s.%s" % (group, group, process["name"])
        supervisor.tolerate((NOT_RUNNING,), "stopProcess", spec, True, timeout=LONG)
        supervisor.tolerate((ALREADY_STARTED,), "startProcess", spec, False)
    return 0


COMMANDS = {
    "apply": apply,
    "applied": applied,
    "up": up,
    "works": works,
    "settled": settled,
    "stop": stop,
    "prune": prune,
    "restart": restart,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
