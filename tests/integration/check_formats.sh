#!/bin/bash
# SPDX-License-Identifier: MIT
# alpbuild check --format sarif, codeclimate and json, and -o: what forges take,
# whatever stands in an image; the same bytes each time; a file that is whole
# or not there. ALPBUILD_SARIF_SCHEMA=FILE: OASIS' schema is asked as well.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need python3 jq gzip
# Debian's, whatever other python3 comes first.
PYTHON=python3
"$PYTHON" -c 'import jsonschema' 2>/dev/null || PYTHON=/usr/bin/python3
"$PYTHON" -c 'import jsonschema' 2>/dev/null ||
	skip_all "python3-jsonschema is not installed"
export LC_ALL=C.UTF-8

check() { "$ALPBUILD" check -q "$@"; }
valid() { "$PYTHON" "$TOP/tests/lib/forge_reports.py" "$@"; }

# report FORMAT STATUS FILE...: into $TEST_TMP/FORMAT.json, which is valid.
report() {
	local form=$1 want=$2 got=0
	shift 2
	check --format "$form" "$@" >"$form.json" 2>said || got=$?
	[ "$got" = "$want" ] || {
		echo "exit status $got, want $want: $(cat said)"
		return 1
	}
	valid "$form" "$form.json"
}

# both STATUS NAME FILE...: valid in both forms.
both() {
	local want=$1 name=$2 form
	shift 2
	for form in sarif codeclimate; do
		ok "$form: $name" report "$form" "$want" "$@"
	done
}

cd "$TEST_TMP" || exit 1
ok "images with hostile names are made" \
	python3 "$TOP/tests/lib/hostile_images.py" "$TEST_TMP/h"

#--- forms

for file in h/[!p]*.tar; do both 18 "${file#h/}" "$file"; done
gzip -c h/markup.tar >packed.tar.gz
printf '\x28\xb5\x2f\xfd and so on' >packed.tar.zst
head -c 5000 h/markup.tar >cut.tar
: >empty.tar
mkdir folder
echo '{"manifests":[]}' >folder/index.json
echo '{"imageLayoutVersion":"1.0.0"}' >folder/oci-layout
for file in packed.tar.gz packed.tar.zst cut.tar empty.tar folder; do
	both 18 "$file" "$file"
done
odd=$'we"ird \\ {0} [x](y) \xff\n%41#?.tar'
cp h/markup.tar "$odd"
both 18 "a hostile name of the file" "$odd"
is "$(jq -r '.runs[0].artifacts[0].location.uri' sarif.json)" \
	'we%22ird%20%5C%20%7B0%7D%20%5Bx%5D%28y%29%20%FF%0A%2541%23%3F.tar' \
	"its URI is encoded"
both 18 "several files, one of them twice" \
	h/markup.tar ./h//markup.tar h/words.tar packed.tar.gz folder/
is "$(jq -c '[.runs | length, (.[0].artifacts | length)]' sarif.json)" '[1,4]' \
	"they make one document"
both 0 "nothing that stands against it" h/plain.tar
is "$(jq -c . codeclimate.json)$(jq -c '.runs[0].results' sarif.json)" '[][]' \
	"no result"

#--- the same as JSON

# places FILE...: how many there are by rule, of --json.
places() {
	check --json "$@" 2>/dev/null | jq -cs '[.[0].files[].findings[] |
		.rule as $r | .places[] | $r] | sort | group_by(.) |
		map([.[0], length])'
}
both 18 "all of them" h/*.tar packed.tar.gz folder
is "$(jq -c '[.runs[0].results[].ruleId] | sort | group_by(.) |
	map([.[0], length])' sarif.json)" "$(places h/*.tar packed.tar.gz folder)" \
	"SARIF has the places of JSON"
is "$(jq -c '[.[].check_name] | sort | group_by(.) | map([.[0], length])' \
	codeclimate.json)" "$(places h/*.tar packed.tar.gz folder)" \
	"Code Quality has them, too"
is "$(jq -c '[.runs[0].results[].partialFingerprints["alpbuildFinding/v1"]]' \
	sarif.json)" "$(jq -c '[.[].fingerprint]' codeclimate.json)" \
	"and the fingerprints of SARIF"
is "$(jq -r '.runs[0].tool.driver.rules[] |
	.id + " " + .defaultConfiguration.level' sarif.json)" \
	"$(awk '/^### / { id = $2 } / · / && id { print id, $1; id = "" }' \
		"$TOP/docs/checks.md")" "the rules are those of docs/checks.md"
like "$(jq -r '.[] | select(.check_name == "setuid") | .description' \
	codeclimate.json)" 'And 36 more that are not listed' \
	"what was too much is counted"
is "$(check --format json h/words.tar 2>/dev/null)" \
	"$(check --json h/words.tar 2>/dev/null)" "--format json is --json"
is "$(check --format text h/words.tar 2>/dev/null)" \
	"$(check h/words.tar 2>/dev/null)" "--format text is none"

#--- what a result says

ok "a gzipped file" report codeclimate 18 packed.tar.gz
is "$(jq -r '.[0] | .check_name, .severity, .location.path, .description' \
	codeclimate.json)" "archive-gzip
blocker
packed.tar.gz
The file is compressed by gzip, which is imported since 7.17. RouterOS, before \
7.17: does not import. Remedy: uncompress it, which every version imports. To \
mend it: alpbuild convert --unchecked packed.tar.gz packed-routeros.tar" \
	"what, where, when, and which command mends it"
ok "for a version that imports it" report sarif 18 --routeros 7.17 packed.tar.gz
is "$(jq -c '[.runs[0].results[] | select(.ruleId == "archive-gzip")]' \
	sarif.json)" '[]' "it is no finding there"
ok "for one that does not" report sarif 18 --routeros 7.16 packed.tar.gz
is "$(jq -r '.runs[0].results[0] | .ruleId, .level, .properties.until,
	.properties.commands[]' sarif.json)" "archive-gzip
error
7.17
alpbuild convert --unchecked packed.tar.gz packed-routeros.tar" "it is one"
ok "the place in the image" report sarif 18 h/markup.tar
is "$(jq -r '.runs[0].results[] | select(.ruleId == "setuid").locations[0] |
	.logicalLocations[0].fullyQualifiedName' sarif.json | head -n 1)" \
	'quote"quote' "is a logical location"

#--- the same each time

for form in sarif codeclimate; do
	check --format $form h/*.tar >first 2>/dev/null
	(umask 077 && cd / && cd "$TEST_TMP" && TZ=Asia/Tokyo LC_ALL=C \
		"$ALPBUILD" check -q --format $form h/*.tar) >second 2>/dev/null
	ok "$form: the same bytes twice" cmp first second
done
prints() { check --format codeclimate "$@" 2>/dev/null | jq -r '.[].fingerprint'; }
is "$(prints ./h//words.tar)" "$(prints h/words.tar)" \
	"fingerprints do not depend on how a file is spelled"
is "$(prints --routeros 7.20 h/words.tar)" "$(prints h/words.tar)" \
	"nor on the version that is asked for"
cp h/words.tar moved.tar
is "$(comm -12 <(prints moved.tar | sort) <(prints h/words.tar | sort))" "" \
	"but on the file"

#--- files

for form in text json sarif codeclimate; do
	check --format $form h/words.tar >first 2>/dev/null
	rm -f second
	check --format $form -o second h/words.tar >printed 2>/dev/null
	# As JSON the error is printed, after the document or without it.
	ok "$form: -o writes what else is printed" cmp first <(cat second printed)
	is "$(jq -r '.error.kind' printed 2>/dev/null)" \
		"$([ $form != json ] || echo check)" "$form: and prints it no more"
done
for form in sarif codeclimate; do
	echo before >second
	status 4 "$form: a file that is not there" check --format $form -o second \
		h/words.tar none.tar
	is "$(cat second)" before "$form: leaves what was written before"
	is "$(check --format $form h/words.tar none.tar 2>/dev/null)" "" \
		"$form: and nothing is printed"
done
is "$(check --format json none.tar 2>/dev/null | jq -r .error.kind)" not-found \
	"as JSON it is an error in JSON"
status 4 "a folder that is not there" check --format sarif -o no/second h/words.tar
like "$OUT" 'no/' "is named"
is "$(find . -name '.*.tmp')" "" "no temporary file is left"
done_testing
