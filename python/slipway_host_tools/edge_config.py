"""The configuration of one site in the system's nginx: edge_config.py VERB --site shop --next FOLDER --state FOLDER [--ours]

FOLDER of --next holds `shared.conf` and `site.conf` as they are to be. Verbs:
same       exit 0 when what is in place is the same, 1 with what differs
test       nginx reads a copy of its configuration with them in it; nothing in place is touched
installed  as same, and nginx runs with it
install    puts them in place, each by one rename, and has nginx read them; starts nginx where it does not run
remove     takes the site away, and what sites share with the last of them
--ours: Debian's own default site is taken away too, and nginx runs as its drop-in says.
"""

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = "/etc/nginx"
NGINX = "/usr/sbin/nginx"
PID = "/run/nginx.pid"
OURS = "# Written by Slipway"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("same", "test", "installed", "install", "remove"))
    for name in ("site", "next", "state"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--ours", action="store_true")
    options = parser.parse_args()
    try:
        return getattr(Edge(options), options.verb)()
    except subprocess.CalledProcessError as error:
        print("%s ended with %d" % (" ".join(error.cmd), error.returncode), file=sys.stderr)
        sys.stderr.flush()
        subprocess.run(["journalctl", "-q", "--no-pager", "-o", "cat", "-n", "20", "-u", "nginx"], stdout=sys.stderr, check=False)
        return 1


class Edge:
    def __init__(self, options):
        self.site, self.ours = options.site, options.ours
        self.texts = {name: read(os.path.join(options.next, name)) for name in ("shared.conf", "site.conf")}
        if None in self.texts.values() and options.verb != "remove":
            raise SystemExit("edge_config.py: no configuration in %s" % options.next)
        self.state = options.state
        self.loaded = os.path.join(options.state, "loaded")

    def files(self, root):
        """Path to text, the shared one first; and the link that enables the site, where nginx is laid out that way."""
        split = os.path.isdir(os.path.join(root, "sites-enabled"))
        folder = "sites-available" if split else "conf.d"
        name = self.site + ".conf"
        files = {
            os.path.join(root, "conf.d/00-slipway.conf"): self.texts["shared.conf"],
            os.path.join(root, folder, name): self.texts["site.conf"],
        }
        links = {os.path.join(root, "sites-enabled", name): "../sites-available/" + name} if split else {}
        return files, links

    def unwanted(self, root):
        return [os.path.join(root, "sites-enabled/default")] if self.ours else []

    def differences(self):
        files, links = self.files(ROOT)
        found = [path for path, text in files.items() if read(path) != text]
        found += [path for path, to in links.items() if not os.path.islink(path) or os.readlink(path) != to]
        return found + [path for path in self.unwanted(ROOT) if os.path.lexists(path)]

    def same(self):
        different = self.differences()
        for path in different:
            print("~ %s" % path)
        return 1 if different else 0

    def put(self, root):
        files, links = self.files(root)
        for path, text in files.items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            replace(path, text)
        for path, to in links.items():
            if not os.path.islink(path) or os.readlink(path) != to:
                # Not in the folder of what is enabled: nginx reads every name there.
                fresh = os.path.join(root, "sites-available", self.site + ".link")
                remove(fresh)
                os.symlink(to, fresh)
                os.replace(fresh, path)
        for path in self.unwanted(root):
            remove(path)

    def test(self):
        folder = tempfile.mkdtemp(prefix="slipway-edge-")
        try:
            copy = os.path.join(folder, "nginx")
            shutil.copytree(ROOT, copy, symlinks=True)
            self.put(copy)
            # In a mount namespace of its own: every path in the configuration leads to the copy. The test makes log files, as root,
            # that an nginx without root's rights could not write to.
            script = 'mount --bind "$1" /etc/nginx; shift; for logs in "$@"; do mount -t tmpfs tmpfs "$logs"; done; exec %s -t -q' % NGINX
            logs = glob.glob("/var/log/nginx/*/")
            return subprocess.run(["unshare", "--mount", "sh", "-euc", script, "sh", copy, *logs], check=False).returncode
        finally:
            shutil.rmtree(folder)

    def fingerprint(self):
        parts = [self.texts["shared.conf"], self.texts["site.conf"], read("/etc/systemd/system/nginx.service.d/slipway.conf") or ""]
        # nginx reads it once: another one is another configuration.
        parts.append(read(os.path.join(self.state, "certificate.pem")) or "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def installed(self):
        if self.same() != 0 or read(self.loaded) != self.fingerprint() or not running():
            return 1
        return 1 if self.ours and not as_its_drop_in_says() else 0

    def install(self):
        self.put(ROOT)
        systemctl("daemon-reload")
        if self.ours and not as_its_drop_in_says():
            systemctl("enable", "-q", "nginx")
            systemctl("stop", "nginx")
            # Root's, from when nginx was started as Debian has it.
            remove(PID)
            subprocess.run(["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/slipway-nginx.conf"], check=True)
            systemctl("start", "nginx")
        elif running():
            systemctl("reload", "nginx")
        else:
            systemctl("start", "nginx")
        replace(self.loaded, self.fingerprint())
        return 0


    def remove(self):
        files, links = self.files(ROOT)
        shared, site = list(files)
        for path in [*links, site]:
            remove(path)
        folder = os.path.dirname(site)
        others = [name for name in os.listdir(folder) if OURS in (read(os.path.join(folder, name)) or "") and os.path.join(folder, name) != shared]
        if not others:
            remove(shared)
        if running():
            systemctl("reload", "nginx")
        return 0


def running():
    return shown("ActiveState") == "active"


def as_its_drop_in_says():
    """nginx's master runs as the drop-in has it: not as root."""
    if not running() or shown("NeedDaemonReload") == "yes":
        return False
    try:
        return os.stat("/proc/" + shown("MainPID")).st_uid != 0
    except FileNotFoundError:
        return False


def shown(name):
    return subprocess.run(["systemctl", "show", "-p", name, "--value", "nginx"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def systemctl(*words):
    subprocess.run(("systemctl",) + words, check=True)


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def replace(path, text):
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
        # nginx does not read it as root.
        os.fchmod(file.fileno(), 0o644)
    os.replace(path + ".new", path)


def remove(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


if __name__ == "__main__":
    sys.exit(main())
