"""The firewall of a host: firewall.py load|loaded NEXT RULES

NEXT are the rules as they are to be, RULES those that the unit loads.
load     refuses rules that would close a port on which sshd listens; else puts them in place and has the kernel take them, now and at
         every start of the machine
loaded   exit 0 when the kernel has these rules and takes them at every start, else 1
Where ufw is at work it is told of HTTP and HTTPS too: a packet has to pass every firewall there is.
"""

import filecmp
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys

UNIT = "slipway-firewall.service"
WANTED = "/etc/systemd/system/sysinit.target.wants/" + UNIT
MARK = "/run/slipway-firewall"
APP_RULES = "/etc/slipway/firewall/*.nft"


def main():
    verb, following, rules = sys.argv[1:]
    return {"load": load, "loaded": loaded}[verb](following, rules)


def load(following, rules):
    with open(following, encoding="utf-8") as file:
        opened = {int(port) for ports in re.findall(r"^\s*tcp dport \{ ([\d, ]+) \} accept$", file.read(), re.MULTILINE) for port in ports.split(", ")}
    closed = ssh_ports() - opened
    if closed:
        print("sshd listens on %s, which the rules would close" % ", ".join(map(str, sorted(closed))), file=sys.stderr)
        return 1
    run("nft", "-c", "-f", following)
    shutil.copyfile(following, rules + ".new")
    os.replace(rules + ".new", rules)
    start_with_machine()
    if re.search(r"^(LoadState=not-found|NeedDaemonReload=yes)$", output("systemctl", "show", "-p", "LoadState", "-p", "NeedDaemonReload", UNIT), re.MULTILINE):
        run("systemctl", "daemon-reload")
    run("systemctl", "restart", UNIT)
    if ufw_works():
        for port in ("80/tcp", "443/tcp", "443/udp"):
            run("ufw", "allow", port)
    with open(MARK, "w", encoding="utf-8") as file:
        file.write(fingerprint(rules))
    return 0


def start_with_machine():
    """As `systemctl enable` does it, which has systemd read every unit anew, too."""
    os.makedirs(os.path.dirname(WANTED), exist_ok=True)
    if not os.path.lexists(WANTED):
        os.symlink("/etc/systemd/system/" + UNIT, WANTED)


def loaded(following, rules):
    if not os.path.exists(rules) or not filecmp.cmp(following, rules, shallow=False):
        return 1
    try:
        with open(MARK, encoding="utf-8") as file:
            same = file.read() == fingerprint(rules)
    except FileNotFoundError:
        # After a restart of the machine the unit has loaded what is in the file.
        same = True
    there = subprocess.run(["nft", "list", "table", "inet", "slipway"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
    enabled = subprocess.run(["systemctl", "-q", "is-enabled", UNIT], stderr=subprocess.DEVNULL, check=False).returncode == 0
    return 0 if same and there and enabled else 1


def ssh_ports():
    """Ports on which sshd, or systemd for it, listens."""
    said = output(shutil.which("sshd") or "/usr/sbin/sshd", "-T")
    ports = {int(port) for port in re.findall(r"^port (\d+)$", said, re.MULTILINE)}
    for line in output("ss", "-Htlnp").splitlines():
        if '"sshd"' in line:
            ports.add(int(line.split()[3].rpartition(":")[2]))
    for listen in re.findall(r"^Listen=.*?:(\d+) ", output("systemctl", "show", "-p", "Listen", "ssh.socket"), re.MULTILINE):
        ports.add(int(listen))
    return ports


def ufw_works():
    return shutil.which("ufw") is not None and "Status: active" in output("ufw", "status")


def fingerprint(rules):
    """Of the rules, and of what each app adds to them."""
    digest = hashlib.sha256()
    for path in [rules] + sorted(glob.glob(APP_RULES)):
        with open(path, "rb") as file:
            digest.update(path.encode() + b"\0" + file.read())
    return digest.hexdigest()


def output(*argv):
    try:
        return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode()
    except FileNotFoundError:
        return ""


def run(*argv):
    subprocess.run(argv, check=True)


if __name__ == "__main__":
    sys.exit(main())
