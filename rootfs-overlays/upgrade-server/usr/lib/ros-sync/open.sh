# shellcheck shell=dash disable=SC2034
# SPDX-License-Identifier: MIT
# open.sh: whether others than root can enter what is served: lighttpd is not root.
# A disk's own root may be closed to them, and chmod helps where the disk knows it.
# ros-http has this, too.

# open_folders: status 1 and $open_error when a folder stays closed.
open_folders() {
	local folder mode
	open_error=
	for folder in "$ROS_DATA" "$ROS_DATA/www" "$ROS_DATA/www/routeros"; do
		mode=$(stat -c %a "$folder" 2>/dev/null) || continue
		case $mode in *[1357]) continue ;; esac
		if chmod go+x "$folder" 2>/dev/null; then
			case $(stat -c %a "$folder") in
			*[1357])
				echo "${0##*/}: nobody but root could enter $folder: chmod go+x" >&2
				continue
				;;
			esac
		fi
		open_error="nobody but root can enter $folder (mode $mode), so routers get 403"
		open_error="$open_error; chmod has no effect here: use a disk with ext4, or"
		open_error="$open_error chmod 755 that folder on the NFS server"
		return 1
	done
}
