"""Asks the package index whether it has a distribution that says of itself that it comes from a certain repository. Nothing of it is run.

published.py NAME REPOSITORY [VERSION]

REPOSITORY is `github.com/owner/name`. Prints the version, the newest where none is asked for; exit 1 where the index has none, or that one
names another place. The index is the one that pip_settings.py has put into the environment.
https://packaging.python.org/en/latest/specifications/simple-repository-api/
"""

import base64
import hashlib
import html.parser
import io
import json
import os
import re
import sys
import tarfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile

#: An archive that is larger is not worth reading for its first page.
MOST_BYTES = 50_000_000
FINAL = re.compile(r"\d+(?:\.\d+)*(?:\.post\d+)?$")


def indexes(environ):
    first = environ.get("UV_DEFAULT_INDEX") or environ.get("UV_INDEX_URL") or "https://pypi.org/simple"
    more = environ.get("UV_INDEX") or environ.get("UV_EXTRA_INDEX_URL") or ""
    # uv lets an index have a name before its address.
    return [re.sub(r"^[\w-]+=", "", url).rstrip("/") for url in [*more.split(), first]]


def fetch(url, accept="*/*"):
    """Body and address of what answers; a login in the address goes into the header, where it is not shown."""
    parts = urllib.parse.urlsplit(url)
    headers = {"Accept": accept, "User-Agent": "slipway"}
    if parts.username is not None:
        login = "{}:{}".format(urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or ""))
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        url = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        body = answer.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise ValueError("too large")
        return body, answer.geturl(), answer.headers.get_content_type()


class Anchors(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.files = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "a" and values.get("href") and "data-yanked" not in values:
            url, _, fragment = values["href"].partition("#")
            sha256 = fragment[7:] if fragment.startswith("sha256=") else None
            self.files.append((urllib.parse.unquote(url.rsplit("/", 1)[-1]), url, sha256))


def listed(index, name):
    """(file name, address, sha256 or None) of every file that is not withdrawn."""
    body, base, kind = fetch(f"{index}/{name}/", "application/vnd.pypi.simple.v1+json, text/html;q=0.5")
    if kind.endswith("json"):
        files = [
            (one["filename"], one["url"], one.get("hashes", {}).get("sha256"))
            for one in json.loads(body)["files"]
            if not one.get("yanked")
        ]
    else:
        parser = Anchors()
        parser.feed(body.decode("utf-8", "replace"))
        files = parser.files
    return [(filename, urllib.parse.urljoin(base, url), sha256) for filename, url, sha256 in files]


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
