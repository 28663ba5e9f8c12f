#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# layout_dir: a layout's folder is replaced on file systems that cannot
# exchange two names (NFS, FUSE), and a write that is killed leaves the old
# one whole and nothing behind after the next write.
. "$(dirname "$0")/../lib/tap.sh"
need strace

DRIVER=${TEST_BIN:-$TOP/build}/tests/integration/driver_layer
[ -x "$DRIVER" ] || skip_all "$DRIVER is not built (make drivers)"
ulimit -c 0 # the driver ends by abort()
W=$TEST_TMP/work
mkdir "$W"

# injected WHAT: the driver, with faults that strace makes.
injected() {
	strace -f -qq -o /dev/null -e "trace=${1%%:*}" -e "inject=$1" \
		"$DRIVER" write "$W"
}
strace -qq -o /dev/null true 2>/dev/null || skip_all "strace may not trace here"

listing() { (cd "$W" && find . | sort && cat three.oci/index.json); }

ok "the first write" "$DRIVER" write "$W"
want=$(listing)
for error in EINVAL ENOSYS; do
	touch "$W/one.oci/mark" "$W/three.oci/mark"
	ok "replacing without exchange ($error)" \
		injected "renameat2:error=$error"
	is "$(listing)" "$want" "leaves the new folder alone ($error)"
done

touch "$W/one.oci/mark"
status 134 "a failed exchange is an error" injected "renameat2:error=EACCES"
like "$OUT" "replace .*/one\.oci: Permission denied" "and says what failed"
is "$(cd "$W" && find . -name '.*.tmp')" "" "and leaves no temporary"
ok "the old folder is still there" test -e "$W/one.oci/mark"

# The 3rd mkdir is "blobs" or later: the temporary is there by then.
injected "/^mkdir:signal=KILL:when=3" >/dev/null 2>&1
like "$(cd "$W" && find . -name '.*.tmp')" "^\./\.one\.oci\." \
	"a killed write leaves its temporary"
ok "and the old folder" test -e "$W/one.oci/mark"
ok "the next write" "$DRIVER" write "$W"
is "$(listing)" "$want" "leaves nothing behind"

done_testing
