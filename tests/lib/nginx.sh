# shellcheck shell=bash disable=SC2034 # what it sets is for tests
# SPDX-License-Identifier: MIT
# nginx.sh: a web server for tests. Source it after tap.sh.
#
# start_nginx FOLDER: serves it on 127.0.0.1; sets $SERVER (a URL) and $LOG,
# which gets "URI STATUS" for each request. It ends with the test.

start_nginx() {
	local i port
	port=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	LOG=$TEST_TMP/nginx.log
	SERVER=http://127.0.0.1:$port
	cat >"$TEST_TMP/nginx.conf" <<-END
		daemon off;
		master_process off;
		pid nginx.pid;
		error_log nginx.err;
		events {}
		http {
			log_format short escape=none '\$uri \$status';
			access_log nginx.log short;
			client_body_temp_path t1; proxy_temp_path t2;
			fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
			server { listen 127.0.0.1:$port; root $1; }
		}
	END
	nginx -p "$TEST_TMP" -c nginx.conf 2>"$TEST_TMP/nginx.out" &
	at_exit "kill $! 2>/dev/null"
	for ((i = 0; i < 500; i++)); do
		[ -s "$TEST_TMP/nginx.pid" ] && return
		sleep 0.02
	done
	return 1
}
