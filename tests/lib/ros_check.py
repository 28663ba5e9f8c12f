#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ros_check.py WWW TREE...: what must hold of a mirror at any moment.

WWW is what ros-sync wrote, TREE what the upstream serves or has served (see
ros_tree.py). Prints what is wrong, a line each, and ends with 1 then:

    every file is byte for byte one of upstream's of that name, or a list of
    packages that names nothing but what is there; every pointer names a
    version that is there with all its packages; there is nothing else.

ROS_ARCHES and ROS_PACKAGES say what a complete version has.
"""
import os
import re
import sys

sys.dont_write_bytecode = True
import ros_tree  # noqa: E402

OWN = {"index.html", "style.css", "healthz", "status.json", "upgrade.rsc",
       "upgrade-stable.rsc", "upgrade-long-term.rsc", "upgrade-testing.rsc",
       "upgrade-development.rsc"}
POINTER = re.compile(r"(winbox/)?(NEWEST|LATEST)[A-Za-z0-9.-]*$")
problems = []


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def wrong(text, *args):
    problems.append(text % args)


def walk(folder):
    for path, _, files in os.walk(folder):
        for name in files:
            yield os.path.relpath(os.path.join(path, name), folder)


def expected(version):
    """Files of a version, by the settings."""
    arches = os.environ.get("ROS_ARCHES", "arm64 arm").split()
    names = os.environ.get("ROS_PACKAGES", "all").split()
    for arch, package in ros_tree.packages(version):
        if arch in arches and (names == ["all"] or package in names + ["routeros"]):
            yield ros_tree.package_name(package, version, arch)


def check_pointer(www, name):
    text = (read(os.path.join(www, name)) or b"").decode("latin-1")
    match = re.fullmatch(r"([0-9a-z.]+)( \d+)?\n", text)
    if not match:
        wrong("%s: says %r", name, text)
        return
    version = match.group(1)
    if version == "0.00":
        return
    if name.startswith("winbox/"):
        files = ros_tree.WINBOX[version]
        folder = os.path.join(www, "winbox", version)
    else:
        files = ["CHANGELOG"] + list(expected(version))
        folder = os.path.join(www, version)
    for file in files:
        if not os.path.exists(os.path.join(folder, file)):
            wrong("%s: names %s, which lacks %s", name, version, file)


def check_list(www, path, data):
    folder = os.path.dirname(path)
    for line in data.decode("latin-1").splitlines():
        arch, package = line.split(",")[:2]
        name = ros_tree.package_name(package, folder, arch)
        if not os.path.exists(os.path.join(www, folder, name)):
            wrong("%s: names %s, which is not there", path, name)


def main():
    www, trees = os.path.join(sys.argv[1], "routeros"), sys.argv[2:]
    for name in os.listdir(sys.argv[1]):
        if name != "routeros" and name not in OWN:
            wrong("%s: what is this below www?", name)
    for path in walk(www):
        data = read(os.path.join(www, path))
        if data is None:  # pruned meanwhile
            continue
        if POINTER.match(path):
            check_pointer(www, path)
        elif os.path.basename(path) == "packages.csv":
            check_list(www, path, data)
        elif data not in [read(os.path.join(tree, path)) for tree in trees]:
            wrong("%s: not what upstream has, %d bytes", path, len(data))
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


main()
