#!/bin/bash
# SPDX-License-Identifier: MIT
# `alpbuild resolve`: which packages apk would choose, from indexes that are
# written here. The solver has tests of its own; here are its ways in and out.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
need jq openssl python3

unset http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY ALPBUILD_KEYRING
export no_proxy=127.0.0.1 HOME=$TEST_TMP ALPBUILD_CACHE=$TEST_TMP/cache
# Where there is no project: the folder must not be needed.
mkdir "$TEST_TMP/here"
cd "$TEST_TMP/here" || exit

# package NAME VERSION [LINE...]: a record of an index; A: is x86_64 unless
# $A says otherwise, and its identity depends on all of it.
package() {
	local id
	id=$(printf '%s\n' "$@" "${ID:-}" | sha1sum | cut -d' ' -f1)
	printf 'C:X1%s\nP:%s\nV:%s\nA:%s\nS:1\nI:1\n' "$id" "$1" "$2" \
		"${A:-x86_64}"
	shift 2
	[ $# = 0 ] || printf '%s\n' "$@"
	echo
}

# resolve ARG...: for x86_64, without signatures.
resolve() { "$ALPBUILD" resolve -a x86_64 --allow-untrusted "$@" 2>&1; }
steps() { resolve "$@" | paste -sd, | sed 's/,/, /g'; }

# folder DIR INDEX: a repository DIR as a mirror has it, unsigned.
folder() {
	mkdir -p "$1/x86_64"
	cp "$2" APKINDEX
	echo test >DESCRIPTION
	tar --format=ustar -cf - DESCRIPTION APKINDEX | gzip -n \
		>"$1/x86_64/APKINDEX.tar.gz"
	rm APKINDEX DESCRIPTION
}

{
	package a 1.0 D:b
	package b 1.0
	package b 2.0
	package c 1.0 'D:b<2'
	package d 1.0 p:cmd:dee=1.0
	package e 1.0 'D:!d'
	package lonely 1.0 D:nobody
	A=armv7 package foreign 1.0
} >main
{
	package b 3.0
	package f 1.0
} >edge
ID=other package d 1.0 >second

chooses_packages() {
	is "$(steps --repository main a)" 'install b 2.0, install a 1.0' \
		"what a word needs comes first, in its newest version"
	is "$(steps --repository main a c)" \
		'install b 1.0, install a 1.0, install c 1.0' \
		"one version serves all"
	is "$(steps --repository main 'b<2')" 'install b 1.0' \
		"words may ask for versions"
	is "$(steps --repository main cmd:dee)" 'install d 1.0' \
		"words may name what is provided"
	is "$(steps --repository main '!a' b=1.0)" 'install b 1.0' \
		"words may say what must not be there"
	is "$(steps --repository main b 'b<2')" 'install b 1.0' \
		"a later word of the same name replaces the first, as with apk add"
}

knows_tags() {
	is "$(steps --repository main --repository edge b)" 'install b 3.0' \
		"all repositories are searched"
	is "$(steps --repository main --repository @edge=edge b)" \
		'install b 2.0' "a tagged one only for words with its tag"
	is "$(steps --repository main --repository @edge=edge b@edge)" \
		'install b 3.0' "a word with a tag has it"
	status 14 "a tag that no repository has" resolve \
		--repository main --repository @edge=edge b@testing
	is "$(steps --repository main --repository @edge=main b@edge)" \
		'install b 2.0' "the same repository untagged and tagged is two"
	is "$(resolve --json --repository main --repository second d |
		jq -r '.steps[].repository')" main \
		"of equal versions the first repository's is taken"
	is "$(resolve --json --repository second --repository main d |
		jq -r '.steps[].repository')" second "whichever is first"
}

finds_indexes() {
	folder repo main
	is "$(steps --repository repo b)" 'install b 2.0' "a folder"
	is "$(steps --repository repo/x86_64/ b)" 'install b 2.0' \
		"the folder of the architecture"
	is "$(steps --repository repo/x86_64/APKINDEX.tar.gz b)" \
		'install b 2.0' "an index"
	is "$(steps --repository "file://$PWD/repo" b)" 'install b 2.0' \
		"a file: URL of a folder"
	is "$(steps --repository "@t=file://$PWD/repo/x86_64" b@t)" \
		'install b 2.0' "a file: URL of an architecture, tagged"
	status 4 "a folder that is not there" resolve --repository nowhere b
	like "$OUT" 'repository nowhere: .*nowhere/x86_64/APKINDEX.tar.gz' \
		"it says what was looked for"
}

# The database of an image: the records, without files.
changes_what_is_installed() {
	{
		package b 1.0
		package d 2.0
		ID=before package e 1.0
		package old 1.0
	} >installed
	is "$(steps --installed installed --repository main 'b>1.0' d=1.0 f \
		--repository edge)" \
		'purge e 1.0, purge old 1.0, upgrade b 1.0 3.0, downgrade d 2.0 1.0, install f 1.0' \
		"upgrades, downgrades, installs and purges"
	is "$(steps --installed installed)" \
		'purge b 1.0, purge d 2.0, purge e 1.0, purge old 1.0' \
		"nothing at all may be wanted of what is installed"
	is "$(steps --installed installed --repository main b d old e)" \
		'' "what is installed stays, although there is a newer one"
	status 4 "a database that is not there" \
		resolve --installed nowhere --repository main b
}

prints_json() {
	local json
	json=$(resolve --json --repository main --repository @edge=edge a f@edge)
	is "$(jq -c '.steps[] | [.step, .name, .version, .old, .repository,
		.tag, .required_by]' <<<"$json")" \
		'["install","b","2.0",null,"main",null,["a"]]
["install","a","1.0",null,"main",null,["world"]]
["install","f","1.0",null,"edge","edge",["world"]]' \
		"JSON has steps, where they come from and who requires them"
	is "$(jq -c '.steps[0].reasons' <<<"$json")" \
		'[{"by":"a","word":"b","install_if":false}]' \
		"JSON has the reasons"
	is "$(resolve --json --installed installed --repository main 'b>1.0' |
		jq -c '.steps[] | select(.name == "b" or .name == "old") |
		[.step, .version, .old, .required_by]')" \
		'["purge","1.0",null,[]]
["upgrade","2.0","1.0",["world"]]' "JSON of purges and upgrades"
}

says_why_not() {
	status 14 "a name that nobody has" resolve --repository main lonly
	like "$OUT" lonly "it is named"
	status 14 "a name that a package needs" \
		resolve --repository main lonely
	like "$OUT" nobody "it is named, too"
	status 14 "a package of another architecture" \
		resolve --repository main foreign
	status 14 "what excludes each other" resolve --repository main d e
	is "$("$ALPBUILD" resolve --json -a x86_64 --allow-untrusted \
		--repository main lonly 2>/dev/null | jq -c '.error |
		[.kind, .status]')" '["solve",14]' "the error as JSON"
}

refuses_what_makes_no_sense() {
	status 2 "no world" resolve --repository main
	status 2 "a malformed word" resolve --repository main 'a=='
	status 2 "no architecture" "$ALPBUILD" resolve --allow-untrusted \
		--repository main b
	status 2 "a strange architecture" "$ALPBUILD" resolve -a ../x \
		--allow-untrusted --repository main b
	status 2 "a tag without place" resolve --repository @edge b
	status 2 "an empty tag" resolve --repository @=main b
	status 2 "another scheme" resolve --repository ftp://example.org/a b
	status 2 "a query" resolve --repository https://example.org/a?b b
	mkfifo pipe
	status 8 "a named pipe is not waited for" timeout -k 1 9 "$ALPBUILD" \
		resolve -a x86_64 --allow-untrusted --repository pipe b
	echo nonsense >nonsense
	status 8 "what is no index" resolve --repository nonsense b
}

knows_architectures() {
	A=aarch64 package x 1.0 >other
	is "$(cd "$TOP" && "$ALPBUILD" resolve --arch arm64 --allow-untrusted \
		--repository "$TEST_TMP/here/other" x 2>&1)" \
		'install x 1.0' "a project's name of an architecture"
	is "$("$ALPBUILD" resolve --arch aarch64 --allow-untrusted \
		--repository other x 2>&1)" \
		'install x 1.0' "Alpine's own, without a project"
}

# sign DIR KEY NAME: as abuild-sign does with SHA-256.
sign() {
	local index=$1/x86_64/APKINDEX.tar.gz
	openssl dgst -sha256 -sign "$2" -out ".SIGN.RSA256.$3" "$index"
	tar --format=ustar --owner=0 --group=0 -cf - ".SIGN.RSA256.$3" |
		head -c 1024 | gzip -n | cat - "$index" >signed
	mv signed "$index"
	rm ".SIGN.RSA256.$3"
}

checks_signatures() {
	local checked=("$ALPBUILD" resolve -a x86_64)
	status 2 "somebody has to vouch" "${checked[@]}" --repository repo b
	mkdir keys
	openssl genrsa -out key 2048 2>/dev/null
	openssl rsa -in key -pubout -out keys/test.rsa.pub 2>/dev/null
	status 7 "an index without signature" \
		"${checked[@]}" --keyring keys --repository repo b
	folder good main
	sign good key test.rsa.pub
	is "$("${checked[@]}" --keyring keys --repository good b 2>&1)" \
		'install b 2.0' "a good signature"
	is "$(ALPBUILD_KEYRING=keys "${checked[@]}" --repository good b 2>&1)" \
		'install b 2.0' "keys of the environment"
	openssl genrsa -out stranger 2048 2>/dev/null
	folder bad main
	sign bad stranger test.rsa.pub
	status 7 "a bad signature" \
		"${checked[@]}" --keyring keys --repository bad b
	is "$(steps --repository bad b)" 'install b 2.0' \
		"which is not looked at if allowed"
	status 4 "no folder of keys" \
		"${checked[@]}" --keyring nowhere --repository good b
}

# Prints its port; ends with the test.
start_server() {
	python3 - >port <<-'PY' &
		import functools, http.server
		handler = functools.partial(http.server.SimpleHTTPRequestHandler,
		                            directory=".")
		handler.func.log_message = lambda *args: None
		server = http.server.HTTPServer(("127.0.0.1", 0), handler)
		print(server.server_address[1], flush=True)
		server.serve_forever()
	PY
	SERVER=$!
	at_exit "kill $SERVER 2>/dev/null"
	while [ ! -s port ]; do sleep 0.05; done
	URL=http://127.0.0.1:$(cat port)
}

downloads_indexes() {
	local checked=("$ALPBUILD" resolve -a x86_64 -q --keyring keys)
	start_server
	is "$("${checked[@]}" --repository "$URL/good" \
		--repository "@t=$URL/good/x86_64" b@t 2>&1)" \
		'install b 2.0' "a URL"
	status 6 "what nobody vouched for is not kept" bash -c "
		$ALPBUILD resolve -q -a x86_64 --allow-untrusted \
			--repository $URL/bad b >&2
		$ALPBUILD resolve -q -a x86_64 --allow-untrusted --offline \
			--repository $URL/bad b"
	status 4 "a URL that has nothing" \
		"${checked[@]}" --repository "$URL/nowhere" b
	kill $SERVER
	is "$("${checked[@]}" --offline --repository "$URL/good" b 2>&1)" \
		'install b 2.0' "what was verified serves offline"
}

chooses_packages
knows_tags
finds_indexes
changes_what_is_installed
prints_json
says_why_not
refuses_what_makes_no_sense
knows_architectures
checks_signatures
downloads_indexes
done_testing
