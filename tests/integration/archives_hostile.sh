#!/bin/bash
# SPDX-License-Identifier: MIT
# archives_hostile: archives that want to do harm. check and convert say soon
# what is wrong, write nothing outside, nothing by halves, and nothing that a
# terminal would obey.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need python3 jq

export LC_ALL=C.UTF-8 TMPDIR=$TEST_TMP/tmp
mkdir "$TMPDIR" "$TEST_TMP/work"
cd "$TEST_TMP/work" || exit 1
ok "an image is made" python3 "$TOP/tests/lib/small_image.py" ../small.tar
ok "the archives are made" python3 "$TOP/tests/lib/hostile_archives.py" ../small.tar h

# NAME, the rules that decide for the newest version, convert's exit status.
cat >expected <<-EOF
	sym-loop layer-damaged,parent-missing 8
	sym-self - 0
	sym-up - 0
	sym-absolute - 0
	hard-up layer-damaged 8
	hard-absolute layer-damaged 8
	hard-self layer-damaged,hard-link 8
	hard-folder layer-damaged 8
	hard-nowhere layer-damaged,hard-link 8
	name-absolute layer-damaged 8
	name-up layer-damaged 8
	name-escape layer-damaged 8
	name-newline layer-damaged 8
	name-c1 layer-damaged 8
	name-long layer-damaged 8
	name-deep layer-damaged,parent-missing 8
	name-latin1 layer-damaged 8
	tag-escape - 0
	os-escape config-os 4
	architecture-escape config-architecture 0
	command-escape command-program 18
	user-escape - 0
	json-deep manifest-invalid 8
	json-twice manifest-invalid 8
	json-nul manifest-invalid 8
	json-bom manifest-invalid 8
	json-path member-missing 8
	json-absolute member-missing 8
	json-escape member-missing 8
	layer-is-config layer-digest 7
	layers-200 image-invalid 8
	config-deep image-invalid 8
	config-huge image-invalid 8
	manifest-twice archive-damaged 8
	manifest-hard member-link 0
	manifest-sym member-link 0
	manifest-out manifest-invalid,member-link 8
	manifest-loop manifest-invalid,member-link 8
	digest-path image-invalid 8
	digest-md5 image-invalid 8
	digest-upper image-invalid 8
	digest-short image-invalid 8
	index-deep image-invalid 8
	index-wide image-invalid 8
	index-empty image-invalid 8
	blob-missing image-invalid 8
	bomb.tar.gz archive-damaged 8
	bomb-layer layer-gzip,layer-damaged 8
	bomb-member archive-damaged 8
	bomb-size layer-damaged 8
	many-members archive-damaged 8
	many-entries duplicate 0
	empty archive-damaged 8
	zeros manifest-missing 8
	text archive-damaged 8
	half archive-damaged 8
	behind archive-damaged 8
	no-end archive-damaged 8
EOF

# clean NAME: nothing in what was said would steer a terminal, or is a line
# that an archive had said.
clean() {
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|^(fake|alpbuild: all is well)' \
		said
}

while read -r name rules want; do
	: >said
	rm -f out.tar
	timeout 20 "$ALPBUILD" check --json "h/$name" >answer 2>>said
	is "$(jq -rs '.[0].files[0].verdicts[-1].rules | join(",")' <answer)" "${rules#-}" \
		"$name: what is wrong"
	timeout 20 "$ALPBUILD" check "h/$name" >>said 2>&1
	status=0
	timeout 20 "$ALPBUILD" convert "h/$name" out.tar >>said 2>&1 || status=$?
	is "$status" "$want" "$name: convert's exit status"
	if [ "$want" = 0 ]; then
		timeout 20 "$ALPBUILD" check -q --routeros 7.24 out.tar >>said 2>&1
		ok "$name: the result is a whole archive" tar -tf out.tar
	else
		ok "$name: nothing is written" test ! -e out.tar
	fi
	ok "$name: nothing that a terminal obeys" clean
done <expected
is "$(cut -d ' ' -f 1 expected | sort)" "$(find h -type f -printf '%f\n' | sort)" \
	"each archive was looked at"
is "$(find "$TMPDIR" . -name 'alpbuild-*' -o -name '.*.tmp' -o -name 'owned')" "" \
	"no temporary is left, and nothing was unpacked"
ok "nothing was written through links" test ! -e /tmp/owned

# A layer that takes a while: check ends at once, convert leaves nothing.
python3 - <<-'PY'
	import gzip, hashlib, io, json, os, tarfile
	chunk = b"".join(os.urandom(64) + bytes(4000) for _ in range(256))
	head = tarfile.TarInfo("big")
	head.size = 300 * len(chunk)
	plain = head.tobuf(tarfile.USTAR_FORMAT) + 300 * chunk + bytes(-head.size % 512 + 1024)
	config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/big"]},
	    "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(plain).hexdigest()]}})
	manifest = json.dumps([{"Config": "c", "RepoTags": ["x:1"], "Layers": ["l"]}])
	with tarfile.open("slow.tar", "w") as tar:
	    for name, data in (("manifest.json", manifest.encode()), ("c", config.encode()),
	                       ("l", gzip.compress(plain, 1))):
	        head = tarfile.TarInfo(name)
	        head.size = len(data)
	        tar.addfile(head, io.BytesIO(data))
PY
# ended COMMAND...: its exit status when it is told to end while it works.
ended() {
	local st=0
	"$@" >said 2>&1 &
	sleep 0.15
	kill -TERM $!
	wait $! 2>/dev/null || st=$?
	echo "$st"
}
is "$(ended "$ALPBUILD" check slow.tar 2>/dev/null)" 130 "check ends when it is told to"
is "$(ended "$ALPBUILD" convert --unchecked slow.tar out.tar 2>/dev/null)" 130 \
	"and convert, in its own way"
is "$(find "$TMPDIR" . -name 'alpbuild-*' -o -name '.*.tmp' -o -name out.tar)" "" \
	"which leaves nothing"

cp ../small.tar $'odd\xff.tar'
is "$("$ALPBUILD" convert --json $'odd\xff.tar' $'out\xff.tar' 2>/dev/null | jq -r '.file')" \
	'out?.tar' "names that are no UTF-8 as JSON"
is "$("$ALPBUILD" convert --json $'none\xff.tar' x.tar 2>/dev/null | jq -r '.error.status')" \
	4 "and in errors"

done_testing
