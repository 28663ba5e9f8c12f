#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does something to the layer of a classic image archive, as somebody would
who means ill: the config's diff_id and its name are made to fit."""
import hashlib
import io
import json
import sys
import tarfile


def read_layer(data):
    """[(member, content or None)] of a tar."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return [(m, tar.extractfile(m).read() if m.isreg() else None)
                for m in tar]


def write_tar(entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member, content in entries:
            tar.addfile(member, None if content is None
                        else io.BytesIO(content))
    return out.getvalue()


def new_member(name, kind=tarfile.REGTYPE):
    member = tarfile.TarInfo(name)
    member.type = kind
    member.mode = 0o755
    return member


def change(entries, words):
    """Carries out the actions, which are eaten from words."""
    while words:
        action, path = words.pop(0), words.pop(0)
        at = next((i for i, (m, _) in enumerate(entries)
                   if m.name == path), None)
        if action == "add":
            entries.append((new_member(path), b""))
        elif action == "device":
            entries.append((new_member(path, tarfile.CHRTYPE), None))
        elif at is None:
            sys.exit(f"{path} is not in the layer")
        elif action == "mode":
            entries[at][0].mode = int(words.pop(0), 8)
        elif action == "owner":
            entries[at][0].uid = int(words.pop(0))
        elif action == "content":
            content = bytearray(entries[at][1])
            content[-1] ^= 1
            entries[at] = (entries[at][0], bytes(content))
        elif action == "drop":
            del entries[at]
        else:
            sys.exit(f"unknown action {action}")


def main():
    source, target, *words = sys.argv[1:]
    with open(source, "rb") as f:
        members = dict((m.name, (m, c)) for m, c in read_layer(f.read()))
    manifest = json.loads(members["manifest.json"][1])
    config_name, layer_name = manifest[0]["Config"], manifest[0]["Layers"][0]
    entries = read_layer(members[layer_name][1])
    change(entries, words)
    layer = write_tar(entries)
    config = json.loads(members[config_name][1])
    config["rootfs"]["diff_ids"] = [
        "sha256:" + hashlib.sha256(layer).hexdigest()]
    new_config = json.dumps(config).encode()
    new_name = hashlib.sha256(new_config).hexdigest() + ".json"
    manifest[0]["Config"] = new_name
    contents = {layer_name: layer, config_name: new_config,
                "manifest.json": json.dumps(manifest).encode()}
    out = []
    for name, (member, content) in members.items():
        content = contents.get(name, content)
        member.name = new_name if name == config_name else name
        member.size = len(content) if content is not None else 0
        out.append((member, content))
    with open(target, "wb") as f:
        f.write(write_tar(out))


main()
