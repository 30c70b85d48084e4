"""What a package index lists, and its files. https://packaging.python.org/en/latest/specifications/simple-repository-api/"""

import base64
import html.parser
import json
import re
import urllib.parse
import urllib.request

#: A file that is larger is not worth having in memory.
MOST_BYTES = 50_000_000


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
