"""Finishes a virtual environment, run by that environment's own Python.

environment.py freeze FILE             what is installed now, one `name==version` a line: constraints for what is added later
environment.py finish RUNTIME           Slipway's runtime package, the list of packages, and at last the mark that all is done
environment.py bytecode                 the bytecode of all of it, and the mark of that
environment.py bytecode likely          only of what every project imports, in the order in which a start comes to it

Runs on Python 3.6 and newer, with nothing beside the standard library.
"""

import compileall
import contextlib
import json
import os
import re
import shutil
import sys
import sysconfig


def site_folders():
    paths = sysconfig.get_paths()
    return sorted({paths["purelib"], paths["platlib"]})


def metadata(path):
    """Name and version from the head of a METADATA or PKG-INFO file."""
    found = {}
    with open(path, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if not line.strip():
                break
            key, _, value = line.partition(":")
            if key in ("Name", "Version"):
                found[key] = value.strip()
    return found.get("Name"), found.get("Version")


def packages():
    """Installed distributions by PEP 503 name."""
    result = {}
    for site in site_folders():
        for entry in sorted(os.listdir(site)):
            for ending, name in ((".dist-info", "METADATA"), (".egg-info", "PKG-INFO")):
                path = os.path.join(site, entry, name)
                if entry.endswith(ending) and not os.path.isdir(os.path.join(site, entry)):
                    path = os.path.join(site, entry)
                if entry.endswith(ending) and os.path.isfile(path):
                    distribution, version = metadata(path)
                    if distribution and version:
                        result[re.sub(r"[-_.]+", "-", distribution).lower()] = version
    return result


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def freeze(target):
    write(target, "".join("%s==%s\n" % item for item in sorted(packages().items())))


def finish(runtime):
    site = sysconfig.get_paths()["purelib"]
    copy = os.path.join(site, os.path.basename(runtime))
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(runtime, copy, ignore=shutil.ignore_patterns("__pycache__"))
    # Wheels and the package itself may come from a private folder; the app may run as another user.
    for base, _, files in os.walk(copy):
        os.chmod(base, 0o755)
        for name in files:
            os.chmod(os.path.join(base, name), 0o644)
    # uv's, which everybody may write.
    try:
        os.unlink(os.path.join(sys.prefix, ".lock"))
    except FileNotFoundError:
        pass
    write(os.path.join(site, "slipway.pth"), "import slipway_runtime.activate\n")
    write(os.path.join(sys.prefix, "packages.json"), json.dumps(packages(), indent=1, sort_keys=True) + "\n")
    write(os.path.join(sys.prefix, ".complete"), "")


#: Beside these goes an interpreter that imports them, and keeps the bytecode too: first what it comes to after a while.
LIKELY = (
    "django/db/models",
    "django/contrib/auth",
    "django/forms",
    "django/contrib/admin",
    "django/template",
    "django/views",
    "django/core/serializers",
    "django/db/migrations",
    "django/contrib/staticfiles",
    "gunicorn/http",
    "gunicorn/workers",
)


def bytecode(which="all"):
    # What the user waits for goes first.
    os.nice(10)
    with contextlib.suppress(OSError), open("/proc/self/autogroup", "w") as group:
        # Each session is weighed as one: https://man7.org/linux/man-pages/man7/sched.7.html
        group.write("10")
    wanted = LIKELY if which == "likely" else ("",)
    for folder in (os.path.join(site, path) for path in wanted for site in site_folders()):
        # Some distributions ship templates of code that no Python compiles: not worth a word.
        compileall.compile_dir(folder, quiet=2, workers=1 if which == "likely" else 0)
    write(os.path.join(sys.prefix, ".bytecode"), "")


if __name__ == "__main__":
    {"freeze": freeze, "finish": finish, "bytecode": bytecode}[sys.argv[1]](*sys.argv[2:])
