#!/bin/bash
# SPDX-License-Identifier: MIT
# timeout: 600
# Nothing secret is in an image: no key, no password, no identity. All of that
# is made by the first start, in the container.
# shellcheck source=../lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=../lib/image.sh
. "$TOP/tests/lib/image.sh"
need python3 jq ssh-keygen

find_secrets() { python3 "$TOP/tests/lib/find_secrets.py" "$1"; }

# plant NAME CONTENT: a tar with this file and a harmless one.
plant() {
	local root=$TEST_TMP/planted
	rm -rf "$root"
	mkdir -p "$root/$(dirname "$1")" "$root/etc/ssh"
	printf '%s\n' "$2" >"$root/$1"
	echo 'PermitRootLogin yes' >"$root/etc/ssh/sshd_config"
	tar -cf "$TEST_TMP/planted.tar" -C "$root" .
}

# What is not found here would not be found in an image either.
check_the_search() {
	local name text key
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$TEST_TMP/key"
	ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -C '' -f "$TEST_TMP/pem"
	for key in key pem; do
		plant srv/some/file "$(cat "$TEST_TMP/$key")"
		status 1 "the search finds a private key ($key) of any name" \
			find_secrets "$TEST_TMP/planted.tar"
	done
	while IFS='|' read -r name text; do
		plant "$name" "$text"
		status 1 "the search finds $name: $text" \
			find_secrets "$TEST_TMP/planted.tar"
	done <<-'EOF'
	etc/ssh/ssh_host_ed25519_key.pub|ssh-ed25519 AAAA
	root/.ssh/authorized_keys|ssh-ed25519 AAAA
	etc/machine-id|0123456789abcdef0123456789abcdef
	etc/shadow|root:$6$salt$hash:19000:0:::::
	etc/shadow|root::19000:0:::::
	etc/passwd|root::0:0:root:/root:/bin/sh
	var/lib/seedrng/seed.credit|0123456789
	var/lib/alp_rc/first_start.done|
	EOF
	plant etc/shadow 'root:*::0:::::'
	status 0 "a locked account is none" find_secrets "$TEST_TMP/planted.tar"
	plant usr/bin/tool '-----BEGIN OPENSSH PRIVATE KEY-----'
	status 0 "the first line of a key alone is none" \
		find_secrets "$TEST_TMP/planted.tar"
}

# check_image NAME FILE: every layer, and what the engine is told.
check_image() {
	local layer config
	for layer in $(tar -xOf "$2" manifest.json | jq -r '.[0].Layers[]'); do
		tar -xOf "$2" "$layer" >"$TEST_TMP/layer.tar"
		ok "$1: no secret" find_secrets "$TEST_TMP/layer.tar"
		is "$(tar -tf "$TEST_TMP/layer.tar" | grep -cE '^(root|config|run|tmp)/.')" \
			0 "$1: nothing in /root, /config, /run and /tmp"
	done
	config=$(tar -xOf "$2" "$(tar -xOf "$2" manifest.json | jq -r '.[0].Config')")
	unlike "$config" 'PRIVATE KEY|ssh-(rsa|ed25519)|[Pp]assword|PASSWORD|[Ss]ecret|SECRET' \
		"$1: no secret in its config"
}

check_mirror() {
	local kind=$1 image arch tar
	use_mirror "$kind"
	for image in "${@:2}"; do
		ok "$kind: $image builds" build build "$image" --arch all \
			--format routeros --output out
		for arch in amd64 arm64 armv7; do
			tar=$(compgen -G "$PROJECT/out/$image-v*-$arch.tar")
			[ -n "$tar" ] || continue
			check_image "$kind: $image: $arch" "$tar"
		done
	done
}

check_the_search
check_mirror fixture alp_rc alp_rc-tools alp_rc_upgrade-server
! have_real_mirror || check_mirror real alp_rc
done_testing
