/* SPDX-License-Identifier: MIT
 *
 * The table of known scripts, from the scripts of Alpine 3.13 to 3.23.
 */
#include <string.h>

#include "rootfs/script_busybox.h"
#include "rootfs/script_certificates.h"
#include "rootfs/script_known.h"
#include "rootfs/script_known_run.h"

#define BIT(kind) (1u << (kind))
#define POST_INSTALL BIT(SCRIPT_POST_INSTALL)
#define PRE_UPGRADE BIT(SCRIPT_PRE_UPGRADE)
#define POST_UPGRADE BIT(SCRIPT_POST_UPGRADE)
#define TRIGGER BIT(SCRIPT_TRIGGER)

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define OPENRC_LINKS(name)                                                     \
	"etc/runlevels/sysinit/" name, "etc/runlevels/boot/" name,             \
		"etc/runlevels/default/" name,                                 \
		"etc/runlevels/nonetwork/" name,                               \
		"etc/runlevels/shutdown/" name

/* `?` of a pattern stands for the `?` and `*` of the script, too. */
#define TINY_CLOUD_SED(cloud)                                                  \
	"sed -Ee 's/^#?CLOUD=.?/CLOUD=" cloud "/' -Ee "                        \
	"'s/^HOTPLUG_MODULES=.?/#HOTPLUG_MODULES=/' "                          \
	"/lib/tiny-cloud/tiny-cloud.conf > /etc/tiny-cloud.conf"

static const char *const busybox_trigger[] = { "/bin/busybox --install -s",
	"/usr/bin/busybox --install -s", "/bin/busybox depmod ${i#**",
	"/usr/bin/busybox depmod ${i#**", "/bin/bbsuid --install",
	"/usr/bin/bbsuid --install", "/bin/busybox-extras --install -s",
	"/usr/bin/busybox-extras --install -s", NULL };

static const char *const busybox_upgrade[] = { "cd /",
	"find bin sbin usr/bin usr/sbin -maxdepth 1 -type l",
	"busybox --list-all", "sort", "uniq -u", "xargs -r stat -c \"%N\"",
	"awk \"\\$3 == \\\"'/bin/busybox'\\\" {print \\$1}\"",
	"sed \"s/^'//; s/'$//\"", "xargs -r rm", "rm \"$link\"",
	"exec /bin/busybox --install -s", "/bin/busybox --install -s", NULL };

static const char *const baselayout_install[] = { "/sbin/rc --sys",
	"create_vserver_startstop > /etc/init.d/rcL",
	"chmod +x /etc/init.d/rcL", "ln -s rcL /etc/init.d/rcK",
	"chown root:shadow /etc/shadow", "chmod 640 /etc/shadow",
	"ln -sf color_prompt.sh.disabled /etc/profile.d/color_prompt.sh",
	NULL };

static const char *const baselayout_late[] = {
	"ln -sf color_prompt.sh.disabled etc/profile.d/color_prompt.sh",
	"chown root:shadow etc/shadow", "chown root:shadow etc/shadow-", NULL
};

static const char *const baselayout_pre[] = { "mv \"$i\" \"$i\".conf",
	"cp -a /var/run/? /run", "rm -rf /var/run", "ln -s ../run /var/run",
	"mkdir -p /var/mail", "cp -a /var/spool/mail/? /var/mail/",
	"rm -rf /var/spool/mail", "ln -s ../mail /var/spool/mail",
	"addgroup -S -g 42 shadow", NULL };

static const char *const openrc_install[] = { "mkdir -p /etc/runlevels/$level",
	"ln -sf /etc/init.d/$svc /etc/runlevels/$level", "rm $i", NULL };

static const char *const openrc_upgrade[] = { "mkdir -p /run/openrc",
	"rm -r $i", "mv $i /run/openrc/",
	"rmdir $dir/rc/init.d $dir/rc /libexec",
	"cat > /etc/local.d/rc.local-compat.start",
	"chmod +x /etc/local.d/rc.local-compat.start",
	"ln -s \"${target%/?}/$newname\" \"$newlink\"", "rm \"$link\"",
	"mv \"$link\" \"$newlink\"", "apk version -t **", NULL };

static const char *const dhcpcd_upgrade[] = { "apk version -t **",
	"mv $duid_old $dbdir/duid", "mv $secret_old $dbdir/secret", NULL };

static const char *const doas_upgrade[] = { "apk version -t **",
	"stat -c \"%a\" /etc/doas.d", "chmod 0750 /etc/doas.d",
	"rm /etc/doas.conf", "mv /etc/doas.d/doas.conf /etc/doas.conf",
	"cat /etc/doas.conf", "tr **", "sed **",
	"tr ** > /etc/doas.conf.apk-new", "ls /etc/doas.d/**", "date +%s",
	"mv /etc/doas.conf \"$bakfile\"",
	"mv /etc/doas.conf.apk-new /etc/doas.conf",
	"mv /etc/doas.conf /etc/doas.conf.apk-new", NULL };

/* The text of the color_prompt link that the scripts replace. */
static bool is_color_prompt_new(
	const struct script_work *work, const char **why)
{
	struct node *node;

	script_find(work, "etc/profile.d/color_prompt.sh", TREE_FOLLOW_PARENTS,
		&node);
	if (!node || node->inode->kind != INODE_SYMLINK ||
		strcmp(node->inode->target, "color_prompt"))
		return true;
	*why = "etc/profile.d/color_prompt.sh is an old link";
	return false;
}

static bool is_directory(const struct script_work *work, const char *path)
{
	struct node *node;

	script_find(work, path, TREE_FOLLOW_PARENTS, &node);
	return node && node->inode->kind == INODE_DIRECTORY;
}

/* Nothing to migrate: names in modprobe.d, var/run, var/spool/mail. */
static bool is_layout_new(const struct script_work *work, const char **why)
{
	struct node *node;

	script_find(work, "etc/modprobe.d", TREE_FOLLOW_ALL, &node);
	for (size_t i = 0; node && i < node->nchildren; i++) {
		*why = "etc/modprobe.d has a file without .conf";
		if (!strchr(node->children[i]->name, '.'))
			return false;
	}
	*why = "var/run or var/spool/mail is a directory";
	return !is_directory(work, "var/run") &&
	       !is_directory(work, "var/spool/mail");
}

static bool has_links(const struct script_work *work, const char **why)
{
	*why = script_busybox_check(work, "/bin/busybox", work->tree->arena);
	return !*why;
}

static bool has_template(const struct script_work *work, const char **why)
{
	struct node *node;

	script_find(work, TINY_CLOUD_TEMPLATE, TREE_FOLLOW_ALL, &node);
	*why = "there is no file " TINY_CLOUD_TEMPLATE;
	return node && node->inode->kind == INODE_FILE;
}

#define CACHE_NOTE                                                             \
	"makes caches that programs do without, or make when they start"
#define CACHE_ROW(name, ...)                                                   \
	{                                                                      \
		.package = (name), .kinds = TRIGGER,                           \
		.patterns = LIST(__VA_ARGS__), .outcome = SCRIPT_NOT_NEEDED,   \
		.note = CACHE_NOTE                                             \
	}

const struct script_known script_known_rows[] = {
	{ .package = "busybox",
		.kinds = TRIGGER,
		.patterns = busybox_trigger,
		.applies = has_links,
		.run = script_busybox_trigger },
	{ .package = "busybox",
		.kinds = POST_UPGRADE,
		.patterns = busybox_upgrade,
		.applies = has_links,
		.run = script_upgrade_busybox },
	{ .package = "alpine-baselayout",
		.kinds = POST_INSTALL | POST_UPGRADE,
		.patterns = baselayout_install,
		.applies = is_color_prompt_new,
		.equivalent = "chown root:shadow /etc/shadow\n"
			      "chmod 640 /etc/shadow\n" },
	{ .package = "alpine-baselayout",
		.kinds = POST_INSTALL | POST_UPGRADE,
		.patterns = baselayout_late,
		.applies = is_color_prompt_new,
		.equivalent = "chown root:shadow etc/shadow\n"
			      "chown root:shadow etc/shadow-\n" },
	{ .package = "alpine-baselayout",
		.kinds = PRE_UPGRADE,
		.patterns = baselayout_pre,
		.applies = is_layout_new,
		.equivalent = "addgroup -S -g 42 shadow\n" },
	{ .package = "openrc",
		.kinds = POST_INSTALL,
		.patterns = openrc_install,
		.absent = LIST("etc/rcS.d", "etc/rcL.d"),
		.note = "nothing to migrate: no etc/rcS.d or etc/rcL.d" },
	{ .package = "openrc",
		.kinds = POST_UPGRADE,
		.patterns = openrc_upgrade,
		.absent = LIST("libexec/rc/init.d", "lib/rc/init.d",
			"etc/rc.local", OPENRC_LINKS("urandom")),
		.note = "nothing to migrate",
		.equivalent = "mkdir -p /run/openrc\n" },
	{ .package = "dhcpcd",
		.kinds = POST_UPGRADE,
		.patterns = dhcpcd_upgrade,
		.absent = LIST("etc/dhcpcd.duid", "etc/dhcpcd.secret"),
		.note = "nothing to migrate" },
	{ .package = "doas",
		.kinds = POST_UPGRADE,
		.patterns = doas_upgrade,
		.since = "6.8.2-r5",
		.note = "nothing to migrate" },
	{ .package = "tiny-cloud",
		.kinds = PRE_UPGRADE,
		.patterns =
			LIST("mv /etc/conf.d/tiny-cloud /etc/tiny-cloud.conf"),
		.absent = LIST("etc/conf.d/tiny-cloud"),
		.note = "nothing to migrate" },
	{ .package = "tiny-cloud-openrc",
		.kinds = PRE_UPGRADE,
		.patterns = LIST("rm /etc/runlevels/**", "ln -sf "
							 "/etc/init.d/tiny-"
							 "cloud-* "
							 "/etc/runlevels/*"),
		.absent = LIST("etc/runlevels/sysinit/tiny-cloud-early",
			"etc/runlevels/boot/tiny-cloud-early",
			"etc/runlevels/default/tiny-cloud-net"),
		.note = "nothing to migrate" },
	{ .package = "tiny-cloud-alpine",
		.kinds = POST_INSTALL,
		.patterns = LIST(TINY_CLOUD_SED("alpine")),
		.applies = has_template,
		.run = script_tiny_cloud_alpine },
	{ .package = "tiny-cloud-nocloud",
		.kinds = POST_INSTALL,
		.patterns = LIST(TINY_CLOUD_SED("nocloud")),
		.applies = has_template,
		.run = script_tiny_cloud_nocloud },
	{ .package = "iproute2",
		.kinds = POST_INSTALL | POST_UPGRADE,
		.patterns = LIST("rm /bin/ip", "rm -f /bin/ip", "rm bin/ip",
			"rm -f bin/ip"),
		.run = script_remove_ip },
	{ .package = "ca-certificates",
		.kinds = TRIGGER,
		.patterns = LIST("/usr/sbin/update-ca-certificates",
			"/usr/sbin/update-ca-certificates --fresh",
			"/usr/bin/update-ca-certificates",
			"update-ca-certificates"),
		.applies = script_certificates_check,
		.run = script_update_certificates },
	{ .package = "ca-certificates",
		.kinds = BIT(SCRIPT_POST_DEINSTALL),
		.patterns = LIST(
			"find -L /etc/ssl/certs -maxdepth 1 -type l -delete",
			"rmdir /etc/ssl/certs"),
		.run = script_prune_certificates },
	{ .package = "dbus",
		.kinds = POST_INSTALL | POST_UPGRADE,
		.patterns = LIST("exec dbus-uuidgen --ensure=/etc/machine-id",
			"dbus-uuidgen --ensure=/etc/machine-id",
			"dbus-uuidgen --ensure"),
		.outcome = SCRIPT_NOT_NEEDED,
		.note = "makes a machine's identity: left to the first start" },
	{ .package = "dbus",
		.kinds = TRIGGER,
		.patterns = LIST("dbus-send --system **"),
		.outcome = SCRIPT_NOT_NEEDED,
		.note = "tells a running daemon; nothing runs in an image" },
	{ .package = "bind",
		.kinds = POST_INSTALL | POST_UPGRADE,
		.patterns = LIST("rndc-confgen -a **",
			"chown named:named etc/bind/rndc.key",
			"chown named:named /etc/bind/rndc.key",
			"chown root:named /etc/bind/rndc.key",
			"chmod * /etc/bind/rndc.key"),
		.outcome = SCRIPT_NOT_NEEDED,
		.note = "makes a secret key: left to the first start" },
	{ .package = "kmod",
		.kinds = TRIGGER,
		.patterns = LIST("/sbin/depmod **", "depmod **",
			"rm -f \"$i\"/modules.**", "rmdir \"$i\""),
		.outcome = SCRIPT_NOT_NEEDED,
		.note = "kernel modules; a container has no kernel" },
	{ .package = "mkinitfs",
		.kinds = TRIGGER,
		.patterns = LIST(". \"$CONFIG\"", "rm -f $() /boot/**",
			"cat \"$i\"/kernel.release", "mkinitfs -o **",
			"ln -sf . /boot/boot", "sync **", "sync"),
		.outcome = SCRIPT_NOT_NEEDED,
		.note = "an initramfs; a container has no kernel" },
	{ .package = "eudev",
		.kinds = TRIGGER,
		.patterns = LIST("udevadm control --reload**",
			"udevadm hwdb --update**"),
		.outcome = SCRIPT_NOT_NEEDED,
		.note = "devices; a container has no udev" },
	CACHE_ROW("glib", "/usr/bin/gio-querymodules **",
		"/usr/bin/glib-compile-schemas **", "gio-querymodules **",
		"glib-compile-schemas **", "exec glib-compile-schemas **"),
	CACHE_ROW("gdk-pixbuf", "gdk-pixbuf-query-loaders --update-cache",
		"exec gdk-pixbuf-query-loaders --update-cache",
		"/usr/bin/gdk-pixbuf-query-loaders --update-cache",
		"exec /usr/bin/gdk-pixbuf-query-loaders --update-cache"),
	CACHE_ROW("fontconfig", "fc-cache **", "exec fc-cache **",
		"/usr/bin/fc-cache **", "exec /usr/bin/fc-cache **"),
	CACHE_ROW("shared-mime-info", "update-mime-database **",
		"exec update-mime-database **",
		"/usr/bin/update-mime-database **",
		"exec /usr/bin/update-mime-database **"),
	CACHE_ROW("pango", "pango-querymodules **",
		"exec pango-querymodules **", "/usr/bin/pango-querymodules **",
		"/usr/bin/pango-querymodules > /etc/pango/pango.modules"),
	CACHE_ROW("desktop-file-utils", "update-desktop-database **",
		"exec update-desktop-database **",
		"/usr/bin/update-desktop-database **"),
	CACHE_ROW("gtk-update-icon-cache", "gtk-update-icon-cache **",
		"/usr/bin/gtk-update-icon-cache **"),
};

const size_t script_known_nrows = ARRAY_SIZE(script_known_rows);
