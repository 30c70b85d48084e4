"""What no release needs any more goes: prune.py --key KEY --state STATE --home HOME --keep N --package HASH

Of the app: releases beyond the newest N that have held, halves of such as failed, static trees of neither; never what is live or runs.
Of Slipway's home, which apps share: environments, front ends' packages, Slipway's own files and files of the store that nothing refers to
and that were not made lately. While another app is deployed there, the home is left alone.
"""

import argparse
import fcntl
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time

# Of what could go, the newest stay: the next deployment may be one back.
SPARE = 3
UNUSED_SECONDS = 24 * 3600
STORE_SECONDS = 7 * 24 * 3600
GOING = ".going"


def main():
    parser = argparse.ArgumentParser()
    for name in ("key", "state", "home", "package"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--keep", type=int, required=True)
    args = parser.parse_args()
    prune_app(args.state, args.key, args.keep)
    if not others_work(args.key):
        prune_home(args.home, os.path.dirname(args.state), args.package)
    return 0


def prune_app(state, key, keep):
    releases = os.path.join(state, "releases")
    live = os.path.basename(os.readlink(os.path.join(state, "live")))
    names = listed(releases)
    whole = [name for name in names if os.path.exists(os.path.join(releases, name, "verified"))]
    kept = set(whole[-keep:]) | {live} | running(key)
    for name in names:
        if name not in kept:
            remove(os.path.join(releases, name))
    statics = os.path.join(state, "static")
    used = {"kept"} | {static_key(os.path.join(releases, name)) for name in kept}
    for name in listed(statics):
        if name not in used:
            remove(os.path.join(statics, name))


def running(key):
    """Releases with a unit that is not at rest."""
    patterns = ["%s-*@*.service" % key, "%s@*.target" % key]
    said = subprocess.run(["systemctl", "list-units", "--plain", "--no-legend", "--state=active,activating,deactivating,reloading", *patterns], stdout=subprocess.PIPE, check=True).stdout.decode()
    return set(re.findall(r"@(\d{8}-\d{6}-[0-9a-f]+)\.", said))


def static_key(release):
    try:
        with open(os.path.join(release, "release.json"), encoding="utf-8") as file:
            return json.load(file)["release"]["options"]["staticKey"]
    except (OSError, ValueError, KeyError):
        return os.path.basename(read_link(os.path.join(release, "static")))


def prune_home(home, states, package):
    records = texts(glob.glob(os.path.join(states, "*", "releases", "*", "release.json")))
    sweep(os.path.join(home, "environments"), named(records, r"/environments/([^/\"]+)"))
    sweep(os.path.join(home, "frontends"), set())
    units = texts(path for folder in ("/etc/systemd/system", "/etc/letsencrypt/renewal-hooks", "/run/systemd/transient") for path in files_below(folder))
    sweep(os.path.join(home, "package"), named(units, r"/package/([0-9a-f]+)") | {package})
    for store in (os.path.join(home, "store"), os.path.join(home, "build", "store")):
        sweep_store(store)


def others_work(key):
    for path in glob.glob("/run/lock/slipway-*"):
        if path.endswith(".holder") or path == "/run/lock/slipway-" + key:
            continue
        with open(path, encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
    return False


def sweep(folder, used):
    """Renamed first: nobody finds half of it."""
    idle = [name for name in listed(folder) if name not in used and not name.endswith(GOING)]
    idle.sort(key=lambda name: last_use(os.path.join(folder, name)), reverse=True)
    for name in idle[SPARE:]:
        path = os.path.join(folder, name)
        if last_use(path) < time.time() - UNUSED_SECONDS:
            os.rename(path, path + GOING)
    for name in listed(folder):
        if name.endswith(GOING):
            remove(os.path.join(folder, name))


def last_use(path):
    mark = os.path.join(path, ".complete")
    return os.lstat(mark if os.path.exists(mark) else path).st_mtime


def sweep_store(store):
    """A file of the store that no release has as a link is only there to be had again."""
    old = time.time() - STORE_SECONDS
    for path in files_below(store):
        try:
            found = os.lstat(path)
            if found.st_nlink == 1 and found.st_ctime < old:
                os.unlink(path)
        except FileNotFoundError:
            pass


def named(found, pattern):
    return {name for text in found for name in re.findall(pattern, text)}


def texts(paths):
    for path in paths:
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                yield file.read()
        except OSError:
            pass


def files_below(folder):
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def listed(folder):
    try:
        return sorted(os.listdir(folder))
    except FileNotFoundError:
        return []


def read_link(path):
    try:
        return os.readlink(path)
    except OSError:
        return ""


def remove(path):
    shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
