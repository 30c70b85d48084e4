"""The wheel of uv itself where there is no uv yet: from the index that pip uses, by the hashes of a file of requirements."""

import hashlib
import os
import platform
import re
import urllib.parse
import zipfile

from package_index import fetch, indexes, listed


#: uv in a file of requirements, with its hashes.
PINNED = re.compile(r"^uv==(\S+)((?:\s+\\?\s*--hash=sha256:[0-9a-f]{64})+)\n?", re.MULTILINE)


def without_uv(requirements):
    return PINNED.sub("", requirements)


def is_for(filename, version):
    """True of the wheel that runs on this machine: https://peps.python.org/pep-0600/"""
    libc = "manylinux" if platform.libc_ver()[0] == "glibc" else "musllinux"
    return filename.startswith("uv-%s-" % version) and libc in filename and filename.endswith("_%s.whl" % platform.machine())


def fetch_wheel(requirements, folder, environ):
    """Path of the wheel in the folder. Raises OSError or ValueError where it cannot be had."""
    pinned = PINNED.search(requirements)
    if pinned is None:
        raise ValueError("no uv is wanted")
    version, hashes = pinned.group(1), re.findall(r"sha256:([0-9a-f]{64})", pinned.group(2))
    index = indexes(environ)[-1]
    for filename, url, _ in listed(index, "uv"):
        if not is_for(filename, version):
            continue
        body, _, _ = fetch(url)
        if hashlib.sha256(body).hexdigest() not in hashes:
            raise ValueError("%s is not the file that is wanted" % filename)
        path = os.path.join(folder, filename)
        with open(path, "wb") as file:
            file.write(body)
        return path
    raise ValueError("%s has no uv %s for this machine" % (urllib.parse.urlsplit(index).hostname, version))


def unpack_program(wheel, folder):
    """Path of the program itself, taken out of the wheel."""
    path = os.path.join(folder, "uv")
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".data/scripts/uv")]
        with archive.open(name) as packed, open(path, "wb") as file:
            file.write(packed.read())
    os.chmod(path, 0o755)
    return path
