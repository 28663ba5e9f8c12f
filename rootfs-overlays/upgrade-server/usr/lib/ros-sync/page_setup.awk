# SPDX-License-Identifier: MIT
# page_setup.awk: the part of the page with commands to copy. The page is static:
# it cannot know by which address it was asked for, so it names the container's.

function commands(s) { print "<pre><code>" html(s) "</code></pre>" }

function setup_dns() {
	print "<h3>1. Let routers find this mirror</h3>"
	print "<p>On the router that answers DNS for the others (or on each):</p>"
	commands("/ip/dns/static/add name=upgrade.mikrotik.com address=" \
		(naddresses ? address[1] : "ADDRESS"))
	if (address_from == "own")
		print "<p>" code(address[1]) " is the address of this container's veth." \
			" Where other routers reach it by a dst-nat rule, take the address" \
			" in that rule; the router that runs the container always takes" \
			" the veth.</p>"
	else if (naddresses)
		print "<p>" code(address[1]) " is the first address in ROS_HOSTNAMES. The" \
			" router that runs the container takes the address of the veth.</p>"
	else
		print "<p>ADDRESS is the one of the container's veth, or the one in" \
			" your dst-nat rule.</p>"
}

function setup_https() {
	print "<h3>2. RouterOS 7.23 and later: HTTP, or this mirror's certificate</h3>"
	print "<p>Since 7.23 routers ask by HTTPS. Packages are signed by MikroTik and" \
		" routers check that, so plain HTTP is safe enough:</p>"
	commands("/system/package/update/set mode=http")
	if (fingerprint == "" || tls_port == 0) {
		print "<p>This mirror has no certificate" \
			(tls_port == 0 ? ": ROS_TLS_PORT is 0" : " yet") ".</p>"
		return
	}
	print "<p>Or keep HTTPS and trust this mirror's own CA:</p>"
	commands("/tool/fetch url=\"" base_url() "/ca.crt\" dst-path=alp-ca.crt\n" \
		"/certificate/import file-name=alp-ca.crt name=alp-ca passphrase=\"\"" \
		" trusted=yes\n/certificate/print detail where name~\"alp-ca\"\n" \
		"/system/package/update/set mode=https check-certificate=yes-without-crl")
	print "<p>The fingerprint (SHA-256) that is printed must be the one of " \
		link("ca.crt", "ca.crt") ":</p>"
	commands(fingerprint)
	print "<p>" code("mode=https") " asks at port 443" \
		(tls_port == 443 ? "." : "; this container listens at " html(tls_port) \
		", so a dst-nat rule has to lead there.") "</p>"
}

function setup_check() {
	print "<h3>3. Upgrade</h3>"
	commands("/system/package/update/set channel=" first_channel() "\n" \
		"/system/package/update/check-for-updates\n" \
		"/system/package/update/install")
	print "<p>" code("install") " downloads and reboots.</p>"
}

function first_channel(    c) {
	split(channels, c, " ")
	return c[1]
}

function setup_script(    i, n, c) {
	print "<h3>Without DNS: a script</h3>"
	print "<p>It fetches what this router has installed, checks it, and leaves the" \
		" reboot to you:</p>"
	commands("/tool/fetch url=\"" base_url() "/upgrade.rsc\" dst-path=upgrade.rsc\n" \
		"/import file-name=upgrade.rsc")
	n = split(channels, c, " ")
	print "<p>" link("upgrade.rsc", "upgrade.rsc") " follows " html(c[1]) \
		(n > 1 ? ". For one channel:" : ".")
	for (i = 1; n > 1 && i <= n; i++)
		print link("upgrade-" c[i] ".rsc", "upgrade-" html(c[i]) ".rsc") \
			(i < n ? "," : ".")
	print "</p>"
}

function setup_section() {
	print "<section aria-labelledby='setup'>\n<h2 id='setup'>Set up a router</h2>"
	setup_dns()
	setup_https()
	setup_check()
	setup_script()
	print "</section>"
}
