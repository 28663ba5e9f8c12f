#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 1800
# .gitlab-ci.yml is executed for real, by gitlab-ci-local with its shell
# executor, each job in a copy of its own: lint, build, test-smoke, images on a
# branch and on a tag, and the release against a small stand-in of GitLab. The
# job `test` is left out: it would run this test again.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need git make node npm rsync python3 jq curl
export LC_ALL=C

# The newest version that runs on Node 18, which Debian 12 has.
VERSION=4.65.1
NODE=$TOP/build/node
GCL=$NODE/node_modules/gitlab-ci-local/src/index.js
REPO=$TEST_TMP/alpbuild
STATE=$REPO/.gitlab-ci-local

install_runner() {
	local have
	have=$(node -p "require('$NODE/node_modules/gitlab-ci-local/package.json').version" \
		2>/dev/null)
	[ "$have" != "$VERSION" ] || return 0
	mkdir -p "$NODE"
	npm install --prefix "$NODE" "gitlab-ci-local@$VERSION" \
		--no-audit --no-fund --no-save
}

# The tree as it is now, committed on a branch, with GitLab as origin.
make_repo() {
	git clone -q "$TOP" "$REPO" &&
		git -C "$REPO" checkout -q -B main &&
		git -C "$REPO" rm -rq . &&
		(cd "$TOP" && git ls-files -z -co --exclude-standard |
			while IFS= read -r -d '' f; do
				[ ! -e "$f" ] && [ ! -L "$f" ] || printf '%s\0' "$f"
			done | tar --null -T - -c) | tar -x -C "$REPO" &&
		echo /.gitlab-ci-local/ >>"$REPO/.git/info/exclude" &&
		git -C "$REPO" remote set-url origin \
			git@gitlab.example.org:group/alpbuild.git &&
		commit "the tree under test"
}

commit() {
	git -C "$REPO" add -A &&
		git -C "$REPO" -c user.name=test -c user.email=test@example.org \
			commit -q --allow-empty -m "$1"
}

# gitlab ARGUMENT...: nothing of the caller's environment but the way out.
gitlab() {
	local keep=() v
	for v in PATH HOME TMPDIR http_proxy https_proxy no_proxy HTTP_PROXY \
		HTTPS_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE \
		NODE_EXTRA_CA_CERTS; do
		[ -z "${!v+x}" ] || keep+=("$v=${!v}")
	done
	(cd "$REPO" && env -i "${keep[@]}" node "$GCL" \
		--home "$TEST_TMP/home" --force-shell-executor --shell-isolation \
		--no-color --variable "ALPBUILD_MIRROR=$MIRROR" \
		--variable "ALPBUILD_KEYRING=$KEYRING" \
		--variable "LINT_TIDY_CACHE=$TOP/build/lint/tidy" "$@")
}
on_tag() {
	gitlab --unset-variable CI_COMMIT_BRANCH \
		--variable CI_COMMIT_TAG=v0.0.1 "$@"
}

# The mirror: real Alpine, else the fixture, which needs another version.
choose_mirror() {
	MIRROR=${ALPBUILD_TEST_MIRROR:-} KEYRING=
	# Keys of repositories there that are not Alpine's own.
	[ ! -d "${MIRROR#file://}/keys" ] || KEYRING=${MIRROR#file://}/keys
	[ -z "$MIRROR" ] || return 0
	MIRROR=file://$TEST_TMP/mirror
	"$TOP/tests/mirror/make-mirror.sh" "$TEST_TMP/mirror" &&
		sed -i 's/"alpine": *"[^"]*"/"alpine": "0.0.1"/' \
			"$REPO/manifests/alp_rc.json" &&
		commit "the fixture's version"
}

# names COMMAND...: the jobs of a pipeline, by --list-csv.
names() { "$@" --list-csv 2>/dev/null | sed '1d; s/;.*//; s/"//g'; }

out=$(install_runner 2>&1) || {
	grep -qE 'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT' <<<"$out" &&
		skip_all "the npm registry cannot be reached"
	fail "gitlab-ci-local is installed" "$out"
	done_testing
}
git -C "$TOP" rev-parse -q --git-dir >/dev/null ||
	skip_all "not a git checkout"
ok "a clone is made" make_repo
choose_mirror || fail "a mirror is chosen"

# What runs when.
images='images: [alp_rc,amd64]
images: [alp_rc,arm64]
images: [alp_rc,armv7]'
is "$(names gitlab)" "lint
build
test-smoke
test
$images" "a branch: lint, build, test, images"
is "$(names on_tag)" "lint
build
test-smoke
test
$images
release" "a tag v*: the release too"
is "$(names gitlab --unset-variable CI_COMMIT_BRANCH \
	--variable CI_COMMIT_TAG=other)" "lint
build
test-smoke
test" "another tag: no images"

status 0 "build passes" gitlab build
ok "the program is its artifact" test -x "$STATE/artifacts/build/build/alpbuild"
status 0 "test-smoke passes" gitlab test-smoke

# job_files JOB: what it left in dist, sorted.
job_files() {
	find "$STATE"/artifacts -path "*$1*/dist/*" -printf '%f\n' | sort
}
version=$(jq -r .version "$REPO/manifests/alp_rc.json")
alpine=$(jq -r .alpine "$REPO/manifests/alp_rc.json")
status 0 "images pass on a branch" gitlab images
tag=v$alpine-devel-$version
is "$(job_files images)" "SHA256SUMS.alp_rc-amd64
SHA256SUMS.alp_rc-arm64
SHA256SUMS.alp_rc-armv7
alp_rc-$tag-amd64.oci.tar
alp_rc-$tag-amd64.report.json
alp_rc-$tag-amd64.tar
alp_rc-$tag-arm64.oci.tar
alp_rc-$tag-arm64.report.json
alp_rc-$tag-arm64.tar
alp_rc-$tag-armv7.oci.tar
alp_rc-$tag-armv7.report.json
alp_rc-$tag-armv7.tar" "a branch makes devel images"
quality=$(sed -n 's/^ *codequality: //p' "$REPO/.gitlab-ci.yml")
mapfile -t reports < <(find "$STATE"/artifacts -path "*images*/$quality")
is "${#reports[@]}" 3 "each leaves a report for merge requests"
is "$(jq -s 'map(type) | unique' -c "${reports[@]}")" '["array"]' "it is one"
is "$(jq -r '.[].location.path' "${reports[@]}" |
	grep -vx "dist/alp_rc-$tag-[a-z0-9]*\.tar")" "" \
	"of the archive that the job made"
is "$(find "$STATE/cache" -path '*/.cache/alpbuild' -printf x)" xxx \
	"each images job keeps its downloads"
status 0 "images pass with the cache" gitlab \
	--variable ALPBUILD_CHANNEL=latest images
like "$OUT" "imported cache" "what was downloaded is taken from it"
is "$(job_files images | grep -c "^alp_rc-v$alpine-latest-")" 9 \
	"latest on demand"
is "$(job_files images | grep -c '^alp_rc-latest-')" 9 "with a tag latest"
is "$(job_files images | grep -c "^alp_rc-v$alpine-$version-")" 9 \
	"beside the release"

status 0 "images pass on a tag" on_tag images
tag=v$alpine-$version
is "$(job_files images | grep -v SHA)" "alp_rc-$tag-amd64.oci.tar
alp_rc-$tag-amd64.report.json
alp_rc-$tag-amd64.tar
alp_rc-$tag-arm64.oci.tar
alp_rc-$tag-arm64.report.json
alp_rc-$tag-arm64.tar
alp_rc-$tag-armv7.oci.tar
alp_rc-$tag-armv7.report.json
alp_rc-$tag-armv7.tar" "a tag makes release images"

# The release, against a stand-in.
mkdir "$TEST_TMP/api"
"$TOP/tests/lib/fake_gitlab.py" "$TEST_TMP/api" >"$TEST_TMP/port" &
at_exit "kill $!"
for _ in $(seq 50); do [ -s "$TEST_TMP/port" ] || sleep 0.1; done
release() {
	on_tag --variable CI_JOB_TOKEN="$1" --variable \
		"CI_API_V4_URL=http://127.0.0.1:$(cat "$TEST_TMP/port")/api/v4" release
}
status 1 "without a valid token the release fails" release wrong
like "$OUT" "401" "for that reason"
ok "and nothing is published" test ! -e "$TEST_TMP/api/release.json"
status 0 "release passes" release test-token
is "$(cd "$TEST_TMP/api/packages" && printf '%s\n' * | grep -vc SHA)" 9 \
	"all images are uploaded"
ok "with their digests" sh -c \
	"cd '$TEST_TMP/api/packages' && [ \$(wc -l <SHA256SUMS) = 9 ] && sha256sum -c SHA256SUMS"
is "$(jq -r '.tag_name, (.assets.links | length)' "$TEST_TMP/api/release.json" |
	xargs)" "v0.0.1 10" "the tag's release links them and SHA256SUMS"
is "$(jq -r '.assets.links[] | select(.name == "SHA256SUMS") | .url' \
	"$TEST_TMP/api/release.json" | sed 's|.*/api/v4||')" \
	"/projects/1217/packages/generic/alpbuild/v0.0.1/SHA256SUMS" \
	"by the address of the package"
status 0 "it can be run again" release test-token

# The job itself, with few of the lints: `make check` runs all of them, and would
# do so twice. The job's cache brings build/lint in, as on GitLab.
mkdir -p "$STATE/cache/lint/build"
[ ! -d "$TOP/build/lint" ] || cp -a "$TOP/build/lint" "$STATE/cache/lint/build/"
status 0 "lint passes" gitlab --variable \
	"LINT=lint/docs lint/format lint/layering lint/sizes" lint
like "$OUT" "ok +lint/layering" "lint runs what it is told to"
like "$OUT" "imported cache" "lint takes its cache"
done_testing
