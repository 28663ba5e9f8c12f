/* SPDX-License-Identifier: MIT
 *
 * Rules about the entries of layers, and how layers are stacked.
 */
#include "unit/check_fixture.h"
#include "routeros/check_layers.h"

/* An entry of any kind after those of a good layer. */
static void with_header(struct maker *m, const struct tar_header *header)
{
	check_layer(m);
	tar_write_header(&m->to.sink, header);
}

/* ---- one layer --------------------------------------------------------- */

static void fill_whiteout(struct maker *m)
{
	check_layer(m);
	maker_text(m, "etc/.wh.motd", "");
}

static void fill_character(struct maker *m)
{
	SCOPED_BUF struct buf header = { 0 };
	unsigned sum = 8 * ' ';

	check_layer(m);
	/* Our writer has none: a directory's header is changed. */
	maker_other(m, "dev/null", TAR_TYPE_DIRECTORY, NULL);
	buf_init(&header, MAKER_MAX);
	buf_add(&header, m->bytes.data + m->bytes.len - 512, 512);
	header.data[156] = '3';
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? 0 : (unsigned char)header.data[i];
	snprintf(header.data + 148, 8, "%06o", sum);
	buf_truncate(&m->bytes, m->bytes.len - 512);
	buf_add_slice(&m->bytes, buf_slice(&header));
}

static void fill_setuid_program(struct maker *m)
{
	with_header(m, &(struct tar_header){ .path = "bin/su",
			       .type = TAR_TYPE_FILE,
			       .mode = 04755 });
}

static void fill_id_range(struct maker *m)
{
	with_header(m,
		&(struct tar_header){
			.path = "etc/x", .type = TAR_TYPE_FILE, .gid = 65535 });
}

static void fill_id_high(struct maker *m)
{
	with_header(m,
		&(struct tar_header){
			.path = "etc/x", .type = TAR_TYPE_FILE, .uid = 40000 });
}

static void fill_duplicate(struct maker *m)
{
	check_layer(m);
	maker_text(m, "etc/x", "1");
	maker_text(m, "etc/x", "2");
}

static void fill_parent(struct maker *m)
{
	check_layer(m);
	maker_text(m, "srv/www/x", "1");
}

static void fill_late_link(struct maker *m)
{
	check_layer(m);
	maker_other(m, "etc/b", TAR_TYPE_HARDLINK, "etc/a");
	maker_text(m, "etc/a", "1");
}

static void fill_good_link(struct maker *m)
{
	check_layer(m);
	maker_text(m, "etc/a", "1");
	maker_other(m, "etc/b", TAR_TYPE_HARDLINK, "etc/a");
}

/* An extended header of a type, with one record, before a file. */
static void with_record(struct maker *m, enum tar_type type, const char *record)
{
	SCOPED_BUF struct buf bytes = { 0 };
	unsigned sum = 8 * ' ';
	size_t at;

	check_layer(m);
	at = m->bytes.len;
	maker_text(m, "PaxHeader", record);
	m->bytes.data[at + 156] = (char)type;
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156
			       ? 0
			       : (unsigned char)m->bytes.data[at + i];
	snprintf(m->bytes.data + at + 148, 8, "%06o", sum);
	maker_text(m, "etc/x", "1");
}

static void fill_pax(struct maker *m)
{
	with_record(m, (enum tar_type)'x', "13 comment=x\n");
}

static void fill_global(struct maker *m)
{
	with_record(m, (enum tar_type)'g', "13 comment=x\n");
}

static void fill_xattr(struct maker *m)
{
	with_record(m, (enum tar_type)'x', "25 SCHILY.xattr.user.a=1\n");
}

#define ONE(name)                                                              \
	static void name(struct maker *m)                                      \
	{                                                                      \
		check_one_layer(m, CHECK_CONFIG, fill_##name);                 \
	}
ONE(whiteout)
ONE(character)
ONE(setuid_program)
ONE(id_range)
ONE(id_high)
ONE(duplicate)
ONE(parent)
ONE(late_link)
ONE(good_link)
ONE(pax)
ONE(global)
ONE(xattr)

/* ---- several ----------------------------------------------------------- */

static void two_layers(struct maker *m, check_fill_fn *upper)
{
	struct buf layers[2] = { check_layer_of(check_layer),
		check_layer_of(upper) };

	check_archive_of(m, CHECK_CONFIG, layers, 2);
	maker_end(m);
	buf_release(&layers[0]);
	buf_release(&layers[1]);
}

static void fill_upper(struct maker *m)
{
	maker_text(m, "etc/x", "its directory is below");
}

/* The shell goes, and with it what the rules say of it. */
static void fill_hides_shell(struct maker *m)
{
	maker_text(m, "bin/.wh.sh", "");
}

static void fill_opaque(struct maker *m)
{
	check_dir(m, "bin");
	maker_text(m, "bin/.wh..wh..opq", "");
}

static void fill_link_below(struct maker *m)
{
	maker_other(m, "sbin/again", TAR_TYPE_HARDLINK, "sbin/init");
}

/* A directory takes the place of a link, and a link that of a directory. */
static void fill_other_kinds(struct maker *m)
{
	check_dir(m, "bin/sh");
	maker_other(m, "proc", TAR_TYPE_SYMLINK, "sys");
}

/* Names are hidden once, however often a layer says so. */
static void fill_opaque_flood(struct maker *m)
{
	check_dir(m, "srv");
	for (int i = 0; i < 4000; i++)
		maker_text(m, arena_printf(&m->arena, "srv/%d", i), "");
	for (int i = 0; i < 4000; i++)
		maker_text(m, "srv/.wh..wh..opq", "");
}

/* A layer's whiteouts hide what is below, wherever in it they stand. */
static void fill_late_whiteout(struct maker *m)
{
	maker_other(m, "bin/sh", TAR_TYPE_SYMLINK, "/sbin/init");
	maker_text(m, "bin/.wh.sh", "");
}

/* sbin/init again, by its other name. */
static void fill_through_link(struct maker *m)
{
	maker_other(m, "usr/sbin", TAR_TYPE_SYMLINK, "../sbin");
	maker_other(m, "usr/sbin/x", TAR_TYPE_SYMLINK, "y");
	maker_other(m, "sbin/x", TAR_TYPE_SYMLINK, "y");
}

static void fill_whiteout_behind_link(struct maker *m)
{
	maker_other(m, "b", TAR_TYPE_SYMLINK, "bin");
}

static void fill_hides_behind_link(struct maker *m)
{
	maker_text(m, "b/.wh.sh", "");
}

static void fill_link_to_link(struct maker *m)
{
	maker_other(m, "etc/a", TAR_TYPE_SYMLINK, "motd");
	maker_other(m, "etc/b", TAR_TYPE_HARDLINK, "etc/a");
}

/* It stays out of the tree; what it names stays. */
static void fill_bad_whiteout(struct maker *m)
{
	maker_text(m, "bin/.wh.", "");
}

static void fill_in_whiteout(struct maker *m)
{
	check_dir(m, "bin/.wh.d");
	maker_text(m, "bin/.wh.d/x", "");
}

static void fill_aufs(struct maker *m)
{
	check_dir(m, ".wh..wh.plnk");
	maker_text(m, ".wh..wh.plnk/x", "");
}

static void fill_high_owner_below(struct maker *m)
{
	tar_write_header(&m->to.sink, &(struct tar_header){ .path = "etc/x",
					      .type = TAR_TYPE_FILE,
					      .mode = 0644,
					      .uid = 70000 });
	maker_other(m, "etc/y", TAR_TYPE_HARDLINK, "etc/x");
}

static void fill_key(struct maker *m)
{
	check_dir(m, "root");
	maker_text(m, "root/key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl");
}

static void fill_motd(struct maker *m)
{
	maker_text(m, "etc/motd", "hello");
}

static void fill_no_key(struct maker *m)
{
	maker_text(m, "root/.wh.key", "");
}

static void fill_other_key(struct maker *m)
{
	maker_text(m, "root/key", "a note, no key");
}

/* A good layer, one with a key, and what `fill` makes above. */
static void key_below(struct maker *m, check_fill_fn *fill)
{
	struct buf layers[3] = { check_layer_of(check_layer),
		check_layer_of(fill_key), check_layer_of(fill) };

	check_archive_of(m, CHECK_CONFIG, layers, 3);
	maker_end(m);
	for (size_t i = 0; i < 3; i++)
		buf_release(&layers[i]);
}

static void key_is_hidden(struct maker *m)
{
	key_below(m, fill_no_key);
}

static void key_is_replaced(struct maker *m)
{
	key_below(m, fill_other_key);
}

static void key_is_still_there(struct maker *m)
{
	key_below(m, fill_motd);
}

/* A link in the lower layer, a whiteout through it in the upper one. */
static void hides_behind_link(struct maker *m)
{
	struct buf layers[3] = { check_layer_of(check_layer),
		check_layer_of(fill_whiteout_behind_link),
		check_layer_of(fill_hides_behind_link) };

	check_archive_of(m, CHECK_CONFIG, layers, 3);
	maker_end(m);
	for (size_t i = 0; i < 3; i++)
		buf_release(&layers[i]);
}

#define TWO(name)                                                              \
	static void name(struct maker *m)                                      \
	{                                                                      \
		two_layers(m, fill_##name);                                    \
	}
TWO(upper)
TWO(hides_shell)
TWO(opaque)
TWO(opaque_flood)
TWO(link_below)
TWO(other_kinds)
TWO(late_whiteout)
TWO(through_link)
TWO(link_to_link)
TWO(bad_whiteout)
TWO(in_whiteout)
TWO(aufs)
TWO(high_owner_below)

#define WHITEOUT "whiteout-old whiteout"

static const struct check_case cases[] = {
	CHECK_CASE(WHITEOUT, whiteout),
	CHECK_CASE("device-node", character),
	CHECK_CASE("setuid", setuid_program),
	CHECK_CASE("id-range", id_range),
	CHECK_CASE("id-high", id_high),
	CHECK_CASE("duplicate", duplicate),
	CHECK_CASE("parent-missing", parent),
	CHECK_CASE("layer-damaged hard-link", late_link),
	CHECK_CASE("", good_link),
	CHECK_CASE("pax", pax),
	CHECK_CASE("pax-global", global),
	CHECK_CASE("xattr pax", xattr),
	CHECK_CASE("several-layers", upper),
	CHECK_CASE("several-layers shell-missing " WHITEOUT, hides_shell),
	CHECK_CASE("several-layers shell-missing " WHITEOUT, opaque),
	CHECK_CASE("several-layers " WHITEOUT, opaque_flood),
	CHECK_CASE("several-layers hard-link", link_below),
	CHECK_CASE("several-layers shell-missing mount-point", other_kinds),
	CHECK_CASE("several-layers " WHITEOUT, late_whiteout),
	CHECK_CASE("several-layers duplicate parent-missing", through_link),
	CHECK_CASE("several-layers shell-missing " WHITEOUT, hides_behind_link),
	CHECK_CASE("several-layers", link_to_link),
	CHECK_CASE("layer-damaged several-layers " WHITEOUT, bad_whiteout),
	CHECK_CASE("layer-damaged several-layers " WHITEOUT, in_whiteout),
	CHECK_CASE("several-layers " WHITEOUT, aufs),
	CHECK_CASE("several-layers id-range", high_owner_below),
	CHECK_CASE(
		"several-layers " WHITEOUT " private-key-below", key_is_hidden),
	CHECK_CASE("several-layers private-key-below", key_is_replaced),
	CHECK_CASE("several-layers private-key", key_is_still_there),
};

int main(void)
{
	return check_cases(cases, ARRAY_SIZE(cases));
}
