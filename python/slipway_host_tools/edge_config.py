"""The configuration of one site in the system's nginx or Apache:

edge_config.py VERB --server nginx --site shop --next FOLDER --state FOLDER [--ours] [--module NAME]…

FOLDER of --next holds `shared.conf` and `site.conf` as they are to be. Verbs:
same       exit 0 when what is in place is the same, 1 with what differs
test       the server reads a copy of its configuration with them in it; nothing in place is touched
installed  as same, and the server runs with it
install    puts them in place, each by one rename, and has the server read them; starts it where it does not run
remove     takes the site away, and what sites share with the last of them
--ours: Debian's own default site is taken away too, and the server runs as its drop-in says.
--module: of Apache's, to be enabled.
"""

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

OURS = "# Written by Slipway"
TAKE_OVER_SECONDS = 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=("same", "test", "installed", "install", "remove"))
    for name in ("site", "next", "state"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--server", choices=("nginx", "apache"), required=True)
    parser.add_argument("--ours", action="store_true")
    parser.add_argument("--module", action="append", default=[])
    options = parser.parse_args()
    edge = {"nginx": Nginx, "apache": Apache}[options.server](options)
    try:
        return getattr(edge, options.verb)()
    except subprocess.CalledProcessError as error:
        print("%s ended with %d" % (" ".join(error.cmd), error.returncode), file=sys.stderr)
        sys.stderr.flush()
        subprocess.run(["journalctl", "-q", "--no-pager", "-o", "cat", "-n", "20", "-u", edge.unit], stdout=sys.stderr, check=False)
        return 1


class Edge:
    """What is the same for both. A server says: `root`, `unit`, `logs`, `test_command`, `layout()`, `unwanted()`, `before_start()`."""

    def __init__(self, options):
        self.site, self.ours, self.modules = options.site, options.ours, options.module
        self.texts = {name: read(os.path.join(options.next, name)) for name in ("shared.conf", "site.conf")}
        if None in self.texts.values() and options.verb != "remove":
            raise SystemExit("edge_config.py: no configuration in %s" % options.next)
        self.state = options.state
        self.loaded = os.path.join(options.state, "loaded")
        self.loaded_certificate = os.path.join(options.state, "loaded-certificate")
        self.drop_in = "/etc/systemd/system/%s.service.d/slipway.conf" % self.unit

    def files(self, root):
        """Path to text, the shared one first; and links that enable what is there."""
        shared, site, links = self.layout(root)
        return {shared: self.texts["shared.conf"], site: self.texts["site.conf"]}, links

    def differences(self):
        files, links = self.files(self.root)
        found = [path for path, text in files.items() if read(path) != text]
        found += [path for path, to in links.items() if not os.path.islink(path) or os.readlink(path) != to]
        return found + [path for path in self.unwanted(self.root) if os.path.lexists(path)]

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
                # Not in the folder of what is enabled: every name there is read.
                fresh = os.path.join(root, "sites-available", self.site + ".link")
                remove(fresh)
                os.symlink(to, fresh)
                os.replace(fresh, path)
        for path in self.unwanted(root):
            remove(path)

    def test(self):
        folder = tempfile.mkdtemp(prefix="slipway-edge-")
        try:
            copy = os.path.join(folder, "edge")
            shutil.copytree(self.root, copy, symlinks=True)
            self.put(copy)
            # In a mount namespace of its own: every path in the configuration leads to the copy. The test makes log files, as root,
            # that a server without root's rights could not write to.
            script = 'mount --bind "$1" %s; shift; for logs in "$@"; do mount -t tmpfs tmpfs "$logs"; done; exec %s' % (self.root, self.test_command)
            logs = glob.glob(self.logs + "/*/")
            return subprocess.run(["unshare", "--mount", "sh", "-euc", script, "sh", copy, *logs], check=False).returncode
        finally:
            shutil.rmtree(folder)

    def fingerprint(self):
        parts = [self.texts["shared.conf"], self.texts["site.conf"], read(self.drop_in) or ""]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def certificate(self):
        """It is read once. What installs a renewed one has it read, and writes the same hash to the same file (certificate-hook.ts)."""
        return hashlib.sha256((read(os.path.join(self.state, "certificate.pem")) or "").encode()).hexdigest()

    def installed(self):
        if self.same() != 0 or read(self.loaded) != self.fingerprint() or not self.running():
            return 1
        if (read(self.loaded_certificate) or "").strip() != self.certificate():
            return 1
        return 1 if self.ours and not self.as_its_drop_in_says() else 0

    def install(self):
        self.put(self.root)
        certificate = self.certificate()
        if self.ours and not self.confined():
            self.let_start()
            # Where there is a script of SysV too, to enable it takes half a second; the package has.
            if subprocess.run(["systemctl", "-q", "is-enabled", self.unit], stderr=subprocess.DEVNULL, check=False).returncode != 0:
                systemctl("enable", "-q", self.unit)
            systemctl("daemon-reload")
            systemctl("stop", self.unit)
            self.before_start()
            systemctl("start", self.unit)
        else:
            systemctl("daemon-reload")
            old = self.accepting() if self.running() else set()
            systemctl("reload" if self.running() else "start", self.unit)
            self.until_taken_over(old)
        replace(self.loaded, self.fingerprint())
        replace(self.loaded_certificate, certificate)
        return 0

    def let_start(self):
        """Until now it was held back (`edgeHeldStep`)."""
        remove("/run/systemd/system/%s.service.d/slipway-held.conf" % self.unit)

    def remove(self):
        self.let_start()
        shared, site, links = self.layout(self.root)
        if not os.path.isdir(os.path.dirname(site)):
            # A first deployment that ended before there was a server.
            return 0
        own = [path for path, to in links.items() if os.path.basename(to) == os.path.basename(site)]
        for path in own + [site]:
            remove(path)
        folder = os.path.dirname(site)
        others = [name for name in os.listdir(folder) if OURS in (read(os.path.join(folder, name)) or "") and os.path.join(folder, name) != shared]
        if not others:
            for path in [path for path, to in links.items() if os.path.basename(to) == os.path.basename(shared)] + [shared]:
                remove(path)
        if self.running():
            systemctl("reload", self.unit)
        return 0

    def accepting(self):
        """Processes that take connections, and go on with their configuration until they have been told to end."""
        return set()

    def until_taken_over(self, old):
        """A reload is told to have been done before the old processes have heard of it: for a moment, who connects still meets one of them."""
        until = time.monotonic() + TAKE_OVER_SECONDS
        while self.accepting() & old and time.monotonic() < until:
            time.sleep(0.01)

    def running(self):
        return self.shown("ActiveState") == "active"

    def as_its_drop_in_says(self):
        return self.confined() and self.shown("NeedDaemonReload") == "no"

    def confined(self):
        """Its first process runs as the drop-in has it: not as root."""
        if not self.running():
            return False
        try:
            return os.stat("/proc/" + self.shown("MainPID")).st_uid != 0
        except FileNotFoundError:
            return False

    def shown(self, name):
        return subprocess.run(["systemctl", "show", "-p", name, "--value", self.unit], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


class Nginx(Edge):
    root, unit, logs, test_command = "/etc/nginx", "nginx", "/var/log/nginx", "/usr/sbin/nginx -t -q"

    def layout(self, root):
        split = os.path.isdir(os.path.join(root, "sites-enabled"))
        name = self.site + ".conf"
        site = os.path.join(root, "sites-available" if split else "conf.d", name)
        links = {os.path.join(root, "sites-enabled", name): "../sites-available/" + name} if split else {}
        return os.path.join(root, "conf.d/00-slipway.conf"), site, links

    def unwanted(self, root):
        return [os.path.join(root, "sites-enabled/default")] if self.ours else []

    def accepting(self):
        main = self.shown("MainPID")
        found = set()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                stat, title = read("/proc/%s/stat" % pid) or "", read("/proc/%s/cmdline" % pid) or ""
            except (OSError, UnicodeDecodeError):
                continue
            if stat.rpartition(")")[2].split()[1:2] == [main] and "shutting down" not in title:
                found.add(pid)
        return found

    def before_start(self):
        # Root's, from when nginx was started as Debian has it.
        remove("/run/nginx.pid")
        subprocess.run(["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/slipway-nginx.conf"], check=True)


class Apache(Edge):
    root, unit, logs, test_command = "/etc/apache2", "apache2", "/var/log/apache2", "/usr/sbin/apache2ctl -t"
    # The first in order, so that it has the sites that nobody has asked for; Debian's own default comes before, where it is left.
    SHARED = "000-slipway.conf"
    # What Debian turns on and a site behind a proxy has no use for: they answer at paths that are the app's.
    MODULES = ("status", "autoindex", "negotiation")
    CONFIGURATIONS = ("serve-cgi-bin", "other-vhosts-access-log", "localized-error-pages", "charset")

    def layout(self, root):
        available = os.path.join(root, "sites-available")
        links = {os.path.join(root, "sites-enabled", name): "../sites-available/" + name for name in (self.SHARED, self.site + ".conf")}
        for module in self.modules:
            for name in (module + ".load", module + ".conf"):
                if name.endswith(".load") or os.path.exists(os.path.join(root, "mods-available", name)):
                    links[os.path.join(root, "mods-enabled", name)] = "../mods-available/" + name
        return os.path.join(available, self.SHARED), os.path.join(available, self.site + ".conf"), links

    def unwanted(self, root):
        if not self.ours:
            return []
        names = ["sites-enabled/000-default.conf"] + ["conf-enabled/%s.conf" % name for name in self.CONFIGURATIONS]
        names += ["mods-enabled/%s.%s" % (name, kind) for name in self.MODULES for kind in ("conf", "load")]
        return [os.path.join(root, name) for name in names]

    def before_start(self):
        pass


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
        # It is not read as root.
        os.fchmod(file.fileno(), 0o644)
    os.replace(path + ".new", path)


def remove(path):
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


if __name__ == "__main__":
    sys.exit(main())
