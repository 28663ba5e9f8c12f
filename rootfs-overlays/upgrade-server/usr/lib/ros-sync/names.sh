# shellcheck shell=dash disable=SC2034,SC2153,SC2154
# SPDX-License-Identifier: MIT
# names.sh: what versions and packages may be called, and what their files are.
# Whatever comes from outside passes here before it becomes part of a path.

# is_version TEXT: 7.24.4, 7.25rc1, 6.49.18, 4.0beta20
is_version() {
	case $1 in
	'' | *[!0-9a-z.]* | [!0-9]* | *..* | *. | ????????????????????*) return 1 ;;
	esac
	echo "$1" |
		grep -Eqx '[0-9]{1,3}(\.[0-9]{1,4}){1,2}((alpha|beta|rc)[0-9]{1,3})?'
}

# is_package TEXT: wifi-qcom
is_package() {
	case $1 in
	'' | *[!0-9a-z-]* | [!a-z]* | *- | ?????????????????????????????????*) return 1 ;;
	esac
}

# npk_name PACKAGE VERSION ARCH: sets $npk. x86 has no suffix; the main package
# of RouterOS 6 has its architecture in the middle, and calls ppc powerpc.
npk_name() {
	case $2:$1:$3 in
	6.*:routeros:ppc) npk=routeros-powerpc-$2.npk ;;
	6.*:routeros:*) npk=routeros-$3-$2.npk ;;
	*:x86) npk=$1-$2.npk ;;
	*) npk=$1-$2-$3.npk ;;
	esac
}

# Packages of versions that have no packages.csv: each is asked for.
EXTRAS_7="calea container dude extra-nic gps iot iot-bt-extra lora openflow
	rose-storage switch-marvell tr069-client ups user-manager wifi-mediatek
	wifi-qcom wifi-qcom-ac wifi-qcom-be wifiwave2 wireless zerotier"
EXTRAS_6="advanced-tools calea dhcp dude gps hotspot ipv6 kvm lcd lora lte mpls
	multicast ntp openflow ppp routing security system tr069-client ups
	user-manager wireless"

# extras_of VERSION
extras_of() {
	case $1 in
	6.*) echo "$EXTRAS_6" ;;
	*) echo "$EXTRAS_7" ;;
	esac
}

# winbox_files VERSION
winbox_files() {
	case $1 in
	3.*) echo winbox.exe winbox64.exe ;;
	*) echo WinBox_Windows.zip WinBox_Linux.zip WinBox.dmg ;;
	esac
}

# versions_sorted: stdin, the newest first. 7.25beta2 < 7.25rc1 < 7.25 < 7.25.1.
versions_sorted() {
	awk '{
		stage = 9; number = 0; text = $1
		if (match(text, /(alpha|beta|rc)[0-9]+$/)) {
			word = substr(text, RSTART)
			stage = word ~ /^a/ ? 1 : word ~ /^b/ ? 2 : 3
			number = word; gsub(/[a-z]/, "", number)
			text = substr(text, 1, RSTART - 1)
		}
		split(text, part, ".")
		printf "%d %d %d %d %d %s\n", part[1], part[2], part[3], stage, number, $1
	}' | sort -k1,1nr -k2,2nr -k3,3nr -k4,4nr -k5,5nr | cut -d' ' -f6
}
