"""The units of one release on a host: found by the files of its targets, which name them."""

import argparse
import os
import re
import subprocess

FOLDER = "/etc/systemd/system"
# What starts with the machine.
BOOT = "multi-user.target.wants"
WANTS = re.compile(r"^Wants=(.*)$", re.MULTILINE)


class Release:
    """`key` names the app on the host, as units are called by; `version` the release."""

    def __init__(self, options):
        self.version = options.release
        self.live, self.own = options.live, options.own
        self.web_socket, self.flag = options.web_socket, options.flag
        self.targets = ["%s@%s.target" % (options.key, options.release), "%s-once@%s.target" % (options.key, options.release)]
        self.web = "%s-web@%s.service" % (options.key, options.release)

    def is_live(self):
        return os.path.realpath(self.live) == os.path.realpath(self.own)

    def wanted(self):
        """Services and timers that the release's targets name, the jobs of the timers with them."""
        names = []
        for target in self.targets:
            for line in WANTS.findall(read(os.path.join(FOLDER, target))):
                names += line.split()
        jobs = [name[: -len(".timer")] + ".service" for name in names if name.endswith(".timer")]
        return list(dict.fromkeys(names + jobs))

    def jobs(self):
        return [name[: -len(".timer")] + ".service" for name in self.wanted() if name.endswith(".timer")]

    def running(self):
        """Of its units, those that are active or on their way up or down."""
        return [name for name, state in states(self.wanted() + self.targets).items() if state not in ("inactive", "failed")]

    def forget(self):
        """Takes its units away, which must have ended, with its socket and its flag."""
        names = self.wanted()
        # The targets last: they are how the others are found, should this be killed half-way.
        for name in [os.path.join(BOOT, target) for target in self.targets] + names + self.targets:
            remove(os.path.join(FOLDER, name))
        systemctl("daemon-reload")
        systemctl("reset-failed", "-q", *names)
        remove(self.web_socket)
        remove(self.flag)

    def is_forgotten(self):
        return not any(os.path.lexists(os.path.join(FOLDER, target)) for target in self.targets)


def options_parser(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("key", "release", "live", "own", "web-socket", "flag"):
        parser.add_argument("--" + name, required=True)
    return parser


def states(units):
    """Unit name to its ActiveState."""
    if not units:
        return {}
    shown = systemctl("show", "-p", "Id", "-p", "ActiveState", "--", *units)
    found = {}
    for block in shown.split("\n\n"):
        values = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if "Id" in values:
            found[values["Id"]] = values.get("ActiveState", "")
    return found


def systemctl(*words):
    """What systemctl printed; that it failed is for the caller to see by the units."""
    return subprocess.run(("systemctl",) + words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode()


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def remove(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass
