"""Starts uv with the settings that pip has on this machine: indexes, certificates, proxies. uv reads none of them by itself.

pip_settings.py UV ARGUMENT...

They are read here, where they are used, so that a password in an index's address is in no plan, log or argument. What uv was told directly
(UV_*) wins. https://pip.pypa.io/en/stable/topics/configuration/
"""

import configparser
import os
import sys


def files():
    named = os.environ.get("PIP_CONFIG_FILE")
    home = os.path.expanduser("~")
    for folder in reversed(os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")):
        yield os.path.join(folder, "pip", "pip.conf")
    yield "/etc/pip.conf"
    if named == os.devnull:
        return
    yield os.path.join(home, ".pip", "pip.conf")
    yield os.path.join(os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config"), "pip", "pip.conf")
    if named:
        yield named


def settings():
    result = {}
    for path in files():
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (OSError, configparser.Error, UnicodeError):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                result.update((key.replace("_", "-"), value) for key, value in parser.items(section))
    for key, value in os.environ.items():
        if key.startswith("PIP_"):
            result[key[4:].lower().replace("_", "-")] = value
    return {key: value for key, value in result.items() if value.strip()}


def translate(pip, environ):
    """Fills in what `environ` does not say already."""
    def take(key, *names, separator=None):
        if key in pip and not any(environ.get(name) for name in names):
            value = pip[key]
            environ[names[0]] = value.strip() if separator is None else separator.join(value.split())

    take("index-url", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
    take("extra-index-url", "UV_INDEX", "UV_EXTRA_INDEX_URL", separator=" ")
    take("find-links", "UV_FIND_LINKS", separator=",")
    take("trusted-host", "UV_INSECURE_HOST", separator=" ")
    take("timeout", "UV_HTTP_TIMEOUT")
    take("cert", "SSL_CERT_FILE")
    take("client-cert", "SSL_CLIENT_CERT")
    if pip.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        environ.setdefault("UV_NO_INDEX", "1")
    if "proxy" in pip and not any(environ.get(name) for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")):
        environ["HTTP_PROXY"] = environ["HTTPS_PROXY"] = pip["proxy"]


#: A user's own habits that would send packages elsewhere or take another Python.
ELSEWHERE = ("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_BREAK_SYSTEM_PACKAGES", "UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY", "UV_NO_SYNC")

if __name__ == "__main__":
    for name in ELSEWHERE:
        os.environ.pop(name, None)
    translate(settings(), os.environ)
    os.execvp(sys.argv[1], sys.argv[1:])
