# SPDX-License-Identifier: MIT
"""Init scripts of the fixture: the names, the dependencies and the keywords
that Alpine's have, with little behind them. What boots a container for real is
real: crond, syslog, sshd, local.
"""
from apkfile import f, x

# Words of depend(), by service of the package openrc.
OPENRC = {
    "binfmt": "after clock procfs; use modules devfs; "
              "keyword -docker -lxc -openvz -prefix -systemd-nspawn -vserver",
    "bootmisc": "need localmount; before logger; after clock root sysctl; "
                "keyword -prefix -timeout",
    "cgroups": "after sysfs; keyword -docker -prefix -systemd-nspawn -vserver",
    "consolefont": "need termencoding; after hotplug bootmisc modules; keyword "
                   "-docker -lxc -openvz -prefix -systemd-nspawn -uml -vserver",
    "devfs": "provide dev-mount; before dev; "
             "keyword -docker -prefix -systemd-nspawn -vserver",
    "dmesg": "before dev modules; "
             "keyword -docker -lxc -prefix -systemd-nspawn -vserver",
    "firstboot": "",
    "fsck": "after clock; use dev clock modules; keyword -docker -jail -lxc "
            "-openvz -prefix -systemd-nspawn -timeout -vserver -uml",
    "hostname": "keyword -prefix -lxc -docker",
    "hwclock": "provide clock; use root; keyword -docker -lxc -openvz -prefix "
               "-systemd-nspawn -uml -vserver -xenu",
    "hwdrivers": "need sysfs dev; before checkfs fsck; after modloop; "
                 "keyword -vserver -lxc",
    "killprocs": "keyword -prefix",
    "localmount": "need fsck root; use lvm modules; after clock lvm modules; "
                  "keyword -docker -jail -lxc -prefix -systemd-nspawn -vserver",
    "loopback": "after clock; keyword -jail -prefix -systemd-nspawn -vserver",
    "machine-id": "need root dev",
    "modloop": "after dev-mount; before checkfs fsck hwdrivers modules hwclock "
               "dev sysfs; keyword -vserver -lxc",
    "modules": "before hwclock hwdrivers; keyword -openvz -prefix -vserver -lxc",
    "mount-ro": "after killprocs savecache; keyword -docker -lxc -openvz "
                "-prefix -systemd-nspawn -vserver",
    "net-online": "after modules net; need sysfs; provide network-online; "
                  "keyword -docker -jail -lxc -openvz -prefix -vserver",
    "netmount": "after root; use dns; use root; "
                "keyword -docker -jail -lxc -prefix -systemd-nspawn -vserver",
    "networking": "need localmount hostname; after bootmisc hwdrivers modules; "
                  "provide net; keyword -jail -prefix -vserver -docker",
    "numlock": "keyword -docker -lxc -openvz -prefix -systemd-nspawn -vserver",
    "osclock": "provide clock",
    "procfs": "after clock; use devfs; "
              "keyword -docker -lxc -openvz -prefix -systemd-nspawn -vserver",
    "root": "after clock; need fsck; keyword -docker -jail -lxc -openvz "
            "-prefix -systemd-nspawn -vserver",
    "runsvdir": "",
    "s6-svscan": "need localmount",
    "save-keymaps": "need termencoding; after bootmisc clock keymaps; keyword "
                    "-docker -lxc -openvz -prefix -systemd-nspawn -vserver",
    "save-termencoding": "use root; after bootmisc clock termencoding; keyword "
                         "-docker -lxc -openvz -prefix -systemd-nspawn -vserver",
    "savecache": "",
    "seedrng": "after clock; need localmount; provide urandom; keyword -docker "
               "-jail -lxc -openvz -prefix -systemd-nspawn",
    "staticroute": "after clock; provide net; use network; "
                   "keyword -jail -prefix -vserver",
    "swap": "after clock root; before localmount; keyword -docker -jail -lxc "
            "-openvz -prefix -systemd-nspawn -vserver",
    "swclock": "provide clock; keyword -docker -lxc -openvz -prefix "
               "-systemd-nspawn -uml -vserver -xenu",
    "sysctl": "after clock; before bootmisc logger; "
              "keyword -prefix -systemd-nspawn -vserver",
    "sysfs": "keyword -docker -lxc -prefix -systemd-nspawn -vserver",
    "sysfsconf": "need sysfs",
    "termencoding": "after devfs; keyword -docker -lxc -openvz -prefix "
                    "-systemd-nspawn -uml -vserver -xenu",
}

# The same of busybox-openrc.
BUSYBOX = {
    "acpid": "need dev localmount; after hwdrivers modules; "
             "keyword -vserver -lxc",
    "klogd": "need clock hostname localmount logger; before net; "
             "keyword -vserver -lxc",
    "loadkmap": "provide keymaps; need localmount; "
                "keyword -openvz -prefix -uml -vserver -xenu -lxc",
    "ntpd": "need net; provide ntp-client; use dns",
    "rdate": "need net; after firewall; keyword -vserver -lxc",
    "watchdog": "need dev; after hwdrivers",
}


def script(words, body):
    """words: of depend(), separated by ";"."""
    depend = [w.strip() for w in words.split(";") if w.strip()]
    return "#!/sbin/openrc-run\n\n%s\n\ndepend() {\n\t%s\n}\n" % (
        body.strip(), "\n\t".join(depend or [":"]))


def stand_in(name, words):
    """It starts, does nothing, and stops."""
    return x("etc/init.d/" + name, script(words, (
        'description="Stand-in for %s"\n\n'
        "start() {\n\treturn 0\n}\n\nstop() {\n\treturn 0\n}" % name)))


def daemon(name, words, body):
    return x("etc/init.d/" + name, script(words, body))


LOCAL = """
description="Runs the programs in /etc/local.d"

run_all() {
	local file
	for file in /etc/local.d/*."$1"; do
		[ -x "$file" ] || continue
		"$file" || ewarn "$file failed"
	done
	return 0
}

start() {
	run_all start
}

stop() {
	run_all stop
}
"""

CROND = """
name="busybox crond"
command="/usr/sbin/crond"
command_args="$CRON_OPTS -f"
command_background=true
pidfile="/run/crond.pid"
"""

SYSLOG = """
name="busybox syslog"
command="/sbin/syslogd"
command_args="$SYSLOGD_OPTS -n"
command_background=true
pidfile="/run/syslogd.pid"
"""

SSHD = """
description="OpenBSD Secure Shell server"
description_checkconfig="Verify configuration file"
description_reload="Reload configuration"
extra_commands="checkconfig"
extra_started_commands="reload"

: "${cfgfile:=/etc/ssh/sshd_config}"
: "${sshd_disable_keygen:=no}"
command="/usr/sbin/sshd"
pidfile="/run/$RC_SVCNAME.pid"
required_files="$cfgfile"

checkconfig() {
	yesno "$sshd_disable_keygen" || ssh-keygen -A || return 1
	[ "$cfgfile" = /etc/ssh/sshd_config ] ||
		command_args="$command_args -f $cfgfile"
	"$command" -t $command_args
}

start_pre() {
	checkconfig
}

stop_pre() {
	[ "$RC_CMD" != restart ] || checkconfig
}

reload() {
	checkconfig || return 1
	ebegin "Reloading $RC_SVCNAME"
	/sbin/start-stop-daemon --signal HUP --exec "$command" --pidfile "$pidfile"
	eend $?
}
"""

# Whatever script reads this: where Debian's sshd locks its unprivileged half
# in. Alpine's has /var/empty.
SSHD_CONF = """#cfgfile="/etc/ssh/sshd_config"
#command_args=""
mkdir -p /run/sshd
"""


def of_openrc():
    return ([stand_in(*item) for item in OPENRC.items()] +
            [daemon("local", "after *; keyword -timeout", LOCAL)] +
            [f("etc/conf.d/" + s, "# of %s\n" % s)
             for s in ("bootmisc", "hostname", "hwclock", "localmount",
                       "modules")])


def of_busybox():
    return ([stand_in(*item) for item in BUSYBOX.items()] + [
        daemon("crond", "need localmount; need logger", CROND),
        daemon("syslog", "need clock hostname localmount; provide logger",
               SYSLOG),
        f("etc/conf.d/crond", 'CRON_OPTS="-c /etc/crontabs"\n'),
        f("etc/conf.d/syslog", 'SYSLOGD_OPTS="-t"\n'),
    ] + [f("etc/conf.d/" + s, "# of %s\n" % s)
         for s in ("klogd", "loadkmap", "ntpd", "rdate", "watchdog")])


def of_sshd():
    return [daemon("sshd", "use logger dns; after entropy", SSHD),
            f("etc/conf.d/sshd", SSHD_CONF)]
