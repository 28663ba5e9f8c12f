#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# schema: docs/manifest.schema.json, docs/manifest.md and the decoder's tables
# agree. The schema accepts the manifests of the project and the one that uses
# every key; it refuses what tests/bad/manifest holds, but for the cases that
# tests/bad/manifest.not-in-schema lists with a reason; it knows the decoder's
# keys and no others; and the manual names each of them. The same for locks.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/../lib/tap.sh"
cd "$TOP" || exit 1
export LC_ALL=C

KEYS=${TEST_BIN:-build}/tests/integration/driver_keys

need python3 jq
python3 -c 'import jsonschema' 2>/dev/null ||
	skip_all "python3-jsonschema is not installed"

# validate FORMAT FILE...: prints "FILE ok", or "FILE bad" and what is wrong;
# what is no JSON at all is bad too.
validate() {
	python3 - "docs/$1.schema.json" "${@:2}" <<'PY'
import json, sys
import jsonschema

with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for name in sys.argv[2:]:
    try:
        with open(name, encoding="utf-8") as f:
            wrong = [e.message for e in validator.iter_errors(json.load(f))]
    except ValueError as e:
        wrong = [str(e)]
    print(name, "bad: " + "; ".join(wrong)[:300] if wrong else "ok")
PY
}

# schema_keys FORMAT: paths of the keys that a JSON Schema describes, as
# driver_keys prints them. References are followed; "arch" and "value" of a
# manifest's conditions are left out.
schema_keys() {
	python3 - "docs/$1.schema.json" <<'PY'
import json, sys

with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)

def walk(node, prefix, found):
    if "$ref" in node:
        node = schema["definitions"][node["$ref"].rsplit("/", 1)[1]]
    for key, value in node.get("properties", {}).items():
        if key in ("arch", "value") and "condition" in schema["definitions"]:
            continue
        found.add(prefix + key)
        walk(value, prefix + key + ".", found)
    for inner in node.get("anyOf", []):
        walk(inner, prefix, found)
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            walk(node[key], prefix, found)

found = set()
walk(schema, "", found)
print("\n".join(sorted(found)))
PY
}

# Paths of the keys in a document, for the keys that the decoder knows.
document_keys() {
	jq -r 'paths | map(select(type == "string" and . != "value")) |
		join(".")' "$1" | sort -u
}

manifests() {
	printf '%s\n' manifests/*.json |
		grep -v -e '/releases\.json$' -e '\.lock\.json$'
}

locks() { compgen -G 'manifests/*.lock.json'; }

accepts_good_ones() {
	local line
	while read -r line; do
		case $line in
		*' ok') pass "the schema accepts ${line% ok}" ;;
		*) fail "the schema accepts ${line%% *}" "$line" ;;
		esac
	done < <(
		# shellcheck disable=SC2046
		validate manifest $(manifests) tests/good/manifest*.json
		# shellcheck disable=SC2046
		validate lock tests/good/lock.json $(locks)
	)
}

refuses_bad_ones() {
	local format=$1 exceptions=tests/bad/$1.not-in-schema accepted listed
	accepted=$(validate "$format" tests/bad/"$format"/*/input |
		sed -n "s,^tests/bad/$format/\(.*\)/input ok\$,\1,p" | sort)
	listed=$(grep -v '^#' "$exceptions" | cut -f 1 | sort)
	is "$accepted" "$listed" \
		"the schema refuses all bad ${format}s but the listed ones"
	is "$(grep -v '^#' "$exceptions" | grep -cvP '^\S+\t\S')" 0 \
		"each exception of ${format}s has a reason"
}

good_manifest_uses_every_key() {
	is "$(document_keys tests/good/manifest.json |
		comm -13 - <("$KEYS" manifest | sort))" "" \
		"tests/good/manifest.json uses every key"
}

# manual_names PAGE FORMAT: the page has each key, in code letters.
manual_names() {
	local key missing=""
	while read -r key; do
		grep -qF -- "\`${key##*.}\`" "$1" || missing+=" $key"
	done < <("$KEYS" "$2")
	is "$missing" "" "$1 names every key of: $2"
}

# The complete example is the first JSON block of the manual.
accepts_the_example() {
	local example=$TEST_TMP/$1.json
	awk '/^```$/ { exit } on; /^```json$/ { on = 1 }' "docs/$1.md" \
		>"$example"
	is "$(validate "$1" "$example")" "$example ok" \
		"the schema accepts the example of docs/$1.md"
}

[ -x "$KEYS" ] || {
	fail "driver_keys is built" "no $KEYS: run make drivers"
	done_testing
}
accepts_good_ones
good_manifest_uses_every_key
for format in manifest lock; do
	accepts_the_example $format
	refuses_bad_ones $format
	is "$(schema_keys $format)" "$("$KEYS" $format | sort)" \
		"the schema has the keys of a $format's decoder and no others"
done
for format in manifest overlay arch releases; do
	manual_names docs/manifest.md $format
done
manual_names docs/lock.md lock
manual_names docs/report.md report
status 2 "driver_keys refuses what it does not know" "$KEYS" nothing
done_testing
