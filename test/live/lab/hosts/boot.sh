#!/bin/sh
# Becomes PID 1 of a lab host: run in new mount, UTS, IPC and PID namespaces, and the host's network namespace.
# boot.sh begin NAME FOLDER IMAGE GROUP     then itself again as: boot.sh enter NAME FOLDER
# FOLDER holds disk/ (what the host has written), work/, root/ (where it is mounted); pid and boot_id are written there.
set -eu
verb=$1 name=$2 folder=$3
root=$folder/root

if [ "$verb" = enter ]; then
  umount "$root/sys/fs/cgroup"
  mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup" # its root is now this host's own group
  hostname "$name"
  cd "$root"
  pivot_root . .
  umount -l .
  mount --make-rshared / # without it systemd's credential mounts do not reach the units
  # A host must not load modules into, nor set the clock of, the machine it shares with the others.
  exec env -i container=lab PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    setpriv --bounding-set=-sys_module,-sys_time,-sys_rawio -- /lib/systemd/systemd --system --show-status=1
fi

image=$4 group=$5
read -r outside _ </proc/self/stat # still the machine's /proc: the process id as it is seen from outside
echo "$outside" >"$folder/pid"
mount --make-rprivate /
try=0
# Right after a power cut the kernel may still be letting go of the old mount.
until mount -t overlay overlay -o "lowerdir=$image,upperdir=$folder/disk,workdir=$folder/work" "$root"; do
  try=$((try + 1))
  [ $try -lt 20 ] || exit 1
  sleep 0.1
done
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys" # the kernel's settings are the machine's: read-only,
mount --bind "$root/proc/sys/net" "$root/proc/sys/net" # but for those of this network namespace
mount -o remount,bind,ro "$root/proc/sys"
if [ -e "$root/proc/sysrq-trigger" ]; then
  mount --bind "$root/proc/sysrq-trigger" "$root/proc/sysrq-trigger"
  mount -o remount,bind,ro "$root/proc/sysrq-trigger"
fi
cat /proc/sys/kernel/random/uuid >"$folder/boot_id" # the kernel's is the machine's; each boot needs its own
mount --bind "$folder/boot_id" "$root/proc/sys/kernel/random/boot_id"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
for node in null zero full random urandom tty; do
  : >"$root/dev/$node"
  mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mkdir -p "$root/sys/fs/cgroup/$group/$name"
echo 0 >"$root/sys/fs/cgroup/$group/$name/cgroup.procs"
exec unshare --cgroup -- "$0" enter "$name" "$folder"
