"""Asks the package index whether it has a distribution that says of itself that it comes from a certain repository. Nothing of it is run.

published.py NAME REPOSITORY [VERSION]

REPOSITORY is `github.com/owner/name`. Prints the version, the newest where none is asked for; exit 1 where the index has none, or that one
names another place. The index is the one that pip_settings.py has put into the environment.
https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

import hashlib
import io
import os
import re
import sys
import tarfile
import urllib.error
import urllib.parse
import zipfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from package_index import fetch, indexes, listed  # noqa: E402

FINAL = re.compile(r"\d+(?:\.\d+)*(?:\.post\d+)?$")


def version_of(filename, name):
    """Of a wheel or a source archive of that name; None for anything else and for what is no final release."""
    pattern = "[-_.]+".join(map(re.escape, name.split("-")))
    match = re.match(rf"{pattern}-(.+?)(?:-[^/]*\.whl|\.tar\.gz|\.zip)$", filename, re.IGNORECASE)
    return match.group(1) if match and FINAL.match(match.group(1)) else None


def order(version):
    return [int(part) for part in re.findall(r"\d+", version)]


def choose(files, name, wanted):
    """(version, address, sha256) of the newest, or of the one that is wanted; a wheel where there is one."""
    known = [(version_of(filename, name), filename, url, sha256) for filename, url, sha256 in files]
    fitting = [one for one in known if one[0] is not None and (wanted is None or order(one[0]) == order(wanted))]
    if not fitting:
        return None
    version, _, url, sha256 = max(fitting, key=lambda one: (order(one[0]), one[1].endswith(".whl")))
    return version, url, sha256


def metadata(url, body):
    if urllib.parse.urlsplit(url).path.endswith((".whl", ".zip")):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = [path for path in archive.namelist() if re.match(r"[^/]+/(METADATA|PKG-INFO)$", path)]
            return archive.read(names[0]) if names else b""
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        for member in archive:
            if member.isfile() and re.match(r"(\./)?[^/]+/PKG-INFO$", member.name):
                return archive.extractfile(member).read()
    return b""


def names(text, repository):
    """True where an address of the repository is in it; badges have theirs inside others, with %2F."""
    host, _, path = repository.partition("/")
    pattern = rf"(?<![\w.-]){re.escape(host)}[/:]{re.escape(path)}(?:\.git)?(?![\w-])"
    return re.search(pattern, urllib.parse.unquote(text), re.IGNORECASE) is not None


def published(name, repository, wanted, environ):
    for index in indexes(environ):
        try:
            chosen = choose(listed(index, name), name, wanted)
            if chosen is None:
                continue
            version, url, sha256 = chosen
            body, _, _ = fetch(url)
            if sha256 is not None and hashlib.sha256(body).hexdigest() != sha256:
                raise ValueError("not the file whose hash the index gives")
            return version if names(metadata(url, body).decode("utf-8", "replace"), repository) else None
        except (OSError, ValueError, KeyError, urllib.error.URLError, tarfile.TarError, zipfile.BadZipFile) as error:
            print(f"{index.rpartition('@')[2]}: {error}", file=sys.stderr)
    return None


if __name__ == "__main__":
    found = published(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None, os.environ)
    if found is None:
        sys.exit(1)
    print(found)
