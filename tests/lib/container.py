#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""container: starts an unpacked image as a router would, without a runtime.

    container.py [option...] ROOT CONFIG
    container.py --register ARCH
    container.py --shift BASE ROOT

ROOT is the unpacked tree, CONFIG the image's config.json. The entrypoint
becomes PID 1 of new pid, mount, net, uts, ipc and cgroup namespaces. Its
stdout and stderr are this program's, its status becomes ours (128 + signal).
Two network namespaces: the one of this program's child is the router's side
of a veth (172.17.0.1), the container has the other end (172.17.0.2).
"""
import argparse
import ctypes
import json
import os
import signal
import stat
import subprocess
import sys

NEWNS, NEWUTS, NEWIPC, NEWUSER = 0x20000, 0x4000000, 0x8000000, 0x10000000
NEWPID, NEWNET, NEWCGROUP = 0x20000000, 0x40000000, 0x2000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_CAPBSET_DROP = 1, 24
CAPS = {"SYS_ADMIN": 21, "SYS_BOOT": 22}
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "armv7l": 218}

# e_machine in the ELF header: what the kernel goes by.
ELF = {
    "aarch64": (b"\x02\x01\x01", b"\xb7\x00"),
    "arm": (b"\x01\x01\x01", b"\x28\x00"),
}
BINFMT = "/proc/sys/fs/binfmt_misc"
libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result < 0:
        raise OSError(ctypes.get_errno(), f"{what}: " +
                      os.strerror(ctypes.get_errno()))


def unshare(flags):
    check(libc.unshare(flags), "unshare")


def mount(source, target, kind, flags=0, data=None):
    def text(s):
        return None if s is None else s.encode()
    check(libc.mount(text(source), text(target), text(kind),
                     ctypes.c_ulong(flags), text(data)), f"mount {target}")


def interpreter(arch):
    """The emulator and its flags: Debian's keeps argv[0] under this name."""
    for path, flags in ((f"/usr/libexec/qemu-binfmt/{arch}-binfmt-P", "OPF"),
                        (f"/usr/bin/qemu-{arch}-static", "OF"),
                        (f"/usr/bin/qemu-{arch}", "OF")):
        if os.path.exists(path):
            return path, flags
    sys.exit(f"container: no emulator for {arch}: install qemu-user-static")


def register(arch):
    """Of the user namespace whose binfmt_misc is mounted: ours, mostly."""
    ident, machine = ELF[arch]
    magic = b"\x7fELF" + ident + bytes(9) + b"\x02\x00" + machine
    mask = b"\xff" * 7 + b"\x00" + b"\xff" * 8 + b"\xfe\xff\xff\xff"
    path, flags = interpreter(arch)

    def escaped(s):
        return b"".join(b"\\x%02x" % c for c in s)
    with open(BINFMT + "/register", "wb", buffering=0) as f:
        f.write(b":alpbuild-" + arch.encode() + b":M::" + escaped(magic) +
                b":" + escaped(mask) + f":{path}:{flags}".encode())


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def shift(root, base):
    """Ids of the image as the user namespace has them."""
    for folder, _, files in os.walk(root):
        for path in [folder] + [os.path.join(folder, f) for f in files]:
            st = os.lstat(path)
            if st.st_uid >= base:
                continue
            os.chown(path, st.st_uid + base, st.st_gid + base,
                     follow_symlinks=False)
            if not stat.S_ISLNK(st.st_mode):
                os.chmod(path, stat.S_IMODE(st.st_mode))
    # os.walk calls links to folders folders, but does not enter them.
    for folder, names, _ in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.islink(path) and os.lstat(path).st_uid < base:
                os.chown(path, base, base, follow_symlinks=False)


def map_ids(pid, base):
    """Up to 65536 ids from BASE on; without one, all that are here, as they are."""
    for kind in "uid", "gid":
        with open(f"/proc/self/{kind}_map") as f:
            ours = [[int(n) for n in line.split()] for line in f]
        ranges = [(first, first, count) for first, _, count in ours]
        if base:
            end = max(first + count for first, _, count in ours)
            ranges = [(0, base, min(65536, end - base))]
        with open(f"/proc/{pid}/{kind}_map", "w") as f:
            f.write("".join("%s %s %s\n" % r for r in ranges))


def no_groups():
    """Whose user namespace has a single id may not, and need not."""
    with open("/proc/self/setgroups") as f:
        if f.read().strip() == "allow":
            os.setgroups([])


def devices():
    mount("tmpfs", "dev", "tmpfs", MS_NOSUID, "mode=755,size=64k")
    for name in "null", "zero", "full", "random", "urandom", "tty":
        os.close(os.open(f"dev/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
        mount(f"/dev/{name}", f"dev/{name}", None, MS_BIND)
    os.mkdir("dev/pts")
    os.mkdir("dev/shm")
    mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
          "newinstance,ptmxmode=0666,mode=620")
    mount("tmpfs", "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV,
          "mode=1777,size=1m")
    for name, target in (("ptmx", "pts/ptmx"), ("fd", "/proc/self/fd"),
                         ("stdin", "fd/0"), ("stdout", "fd/1"),
                         ("stderr", "fd/2")):
        os.symlink(target, f"dev/{name}")


def network_files():
    """What RouterOS writes before it starts a container."""
    for name, text in (("hosts", "127.0.0.1 localhost\n172.17.0.2 alp\n"),
                       ("resolv.conf", "nameserver 172.17.0.1\n")):
        try:
            with open(f"etc/{name}", "w") as f:
                f.write(text)
        except OSError:
            pass


def enter(root, args):
    safe = MS_NOSUID | MS_NODEV | MS_NOEXEC
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount(root, root, None, MS_BIND | MS_REC)
    os.chdir(root)
    network_files()
    os.makedirs(".old", exist_ok=True)
    mount("proc", "proc", "proc", safe)
    devices()
    try:
        mount("sysfs", "sys", "sysfs", safe | MS_RDONLY)
        mount("cgroup2", "sys/fs/cgroup", "cgroup2", safe)
    except OSError:
        pass  # RouterOS before 7.20 has no cgroups either
    for target in args.tmpfs:
        size, _, target = target.rpartition("@")
        mount("tmpfs", target.lstrip("/"), "tmpfs", MS_NOSUID | MS_NODEV,
              "mode=755" + (f",size={size}" if size else ""))
    check(libc.syscall(PIVOT_ROOT[os.uname().machine], b".", b".old"),
          "pivot_root")
    os.chdir("/")
    check(libc.umount2(b"/.old", MNT_DETACH), "umount")
    os.rmdir("/.old")
    if args.read_only:
        mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY)


def words(config):
    """Entrypoint and Cmd, and the environment, as the image has them."""
    config = config.get("config") or {}
    argv = (config.get("Entrypoint") or []) + (config.get("Cmd") or [])
    env = dict(e.split("=", 1) for e in config.get("Env") or [])
    return argv, env, config.get("WorkingDir") or "/"


def pid_one(args, config, tell, wait):
    die_with_parent()
    unshare(NEWNS | NEWUTS | NEWIPC | NEWNET | NEWCGROUP)
    os.write(tell, b"n")
    os.read(wait, 1)
    argv, env, folder = words(config)
    env.update(e.split("=", 1) for e in args.env)
    name = b"alp"
    libc.sethostname(name, len(name))
    enter(args.root, args)
    for cap in args.drop:
        check(libc.prctl(PR_CAPBSET_DROP, CAPS[cap], 0, 0, 0), cap)
    os.chdir(folder)
    os.setsid()
    os.umask(0o022)
    os.execve(argv[0], argv, env)


def network(router_pid, pid):
    """A veth between the router's side and the container's."""
    def ip(of, *argv):
        subprocess.run(["nsenter", f"--net=/proc/{of}/ns/net", "ip", *argv],
                       check=True)
    ip(router_pid, "link", "set", "lo", "up")
    ip(router_pid, "link", "add", "veth-ros", "type", "veth",
       "peer", "name", "veth-alp", "netns", str(pid))
    ip(router_pid, "addr", "add", "172.17.0.1/24", "dev", "veth-ros")
    ip(router_pid, "link", "set", "veth-ros", "up")
    ip(pid, "link", "set", "lo", "up")
    ip(pid, "addr", "add", "172.17.0.2/24", "dev", "veth-alp")
    ip(pid, "link", "set", "veth-alp", "up")
    ip(pid, "route", "add", "default", "via", "172.17.0.1")


def router(args, config, tell, wait):
    """What stays outside: parent of PID 1, with the router's network."""
    die_with_parent()
    if args.userns is not None:
        unshare(NEWUSER)
        os.write(tell, b"u")
        os.read(wait, 1)
        no_groups()
        os.setgid(0)
        os.setuid(0)
        die_with_parent()  # forgotten by setuid
    unshare(NEWNS | NEWNET)
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    if args.emulate:
        # Since Linux 6.7 a user namespace has handlers of its own.
        mount("binfmt_misc", BINFMT, "binfmt_misc")
        register(args.emulate)
    unshare(NEWPID)
    ready = os.pipe()
    pid = os.fork()
    if pid == 0:
        pid_one(args, config, ready[1], wait)
    os.read(ready[0], 1)
    os.write(tell, b"%d\n" % pid)
    os.close(tell)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os._exit(code if code >= 0 else 128 - code)


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--drop", action="append", default=[], choices=CAPS,
                   help="capability that nothing in it has")
    p.add_argument("--read-only", action="store_true")
    p.add_argument("--tmpfs", action="append", default=[],
                   metavar="[SIZE@]PATH", help="64M@/run, as on a router")
    p.add_argument("--userns", type=int, metavar="BASE",
                   help="in a user namespace whose root is this uid")
    p.add_argument("--emulate", choices=ELF, metavar="ARCH")
    p.add_argument("--register", choices=ELF, metavar="ARCH",
                   help="an emulator for the whole machine, and that is all")
    p.add_argument("--shift", type=int, metavar="BASE",
                   help="ids of ROOT as --userns BASE has them, and that is all")
    p.add_argument("--env", action="append", default=[], metavar="K=V")
    p.add_argument("--pid-file", default="pid")
    p.add_argument("root", nargs="?")
    p.add_argument("config", nargs="?")
    args = p.parse_args()
    if args.register:
        register(args.register)
        sys.exit()
    if args.shift and args.root:
        shift(args.root, args.shift)
        sys.exit()
    if not args.config:
        p.error("ROOT and CONFIG are missing")
    args.root = os.path.realpath(args.root)
    args.pid_file = os.path.abspath(args.pid_file)
    if args.emulate and args.userns is None:
        args.userns = 0
    return args


def main():
    args = arguments()
    with open(args.config) as f:
        config = json.load(f)
    if args.userns:
        shift(args.root, args.userns)
        for fd in 1, 2:
            os.fchown(fd, args.userns, args.userns)
    ours, theirs = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            router(args, config, ours[1], theirs[0])
        except OSError as e:
            print(f"container: {e}", file=sys.stderr)
            os._exit(125)
    os.close(ours[1])
    told = os.fdopen(ours[0], "rb", buffering=0)
    if args.userns is not None and told.read(1):
        map_ids(child, args.userns)
        os.write(theirs[1], b"m")
    pid = told.readline().strip()
    if pid:
        network(child, int(pid))
        with open(args.pid_file + ".new", "wb") as f:
            f.write(pid)
        os.rename(args.pid_file + ".new", args.pid_file)
        os.write(theirs[1], b"g")
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)


if __name__ == "__main__":
    main()
