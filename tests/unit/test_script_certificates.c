/* SPDX-License-Identifier: MIT */
#include "rootfs/script_certificates.h"
#include "unit/certificate_fixture.h"
#include "unit/script_fixture.h"

#define TRIGGER SH "/usr/sbin/update-ca-certificates &> /dev/null\nexit 0\n"
#define CERTHASH "etc/ca-certificates/update.d/certhash"
#define LOCAL "usr/local/share/ca-certificates/"
#define SHARED "usr/share/ca-certificates/"
#define CERTS "etc/ssl/certs/"

static const struct ledger_entry *run_trigger(struct script_test *t)
{
	return run_as(t, "ca-certificates", SCRIPT_TRIGGER, TRIGGER);
}

/* What Alpine's package has, without certificates. */
static int setup(void **state)
{
	struct script_test *t;

	script_setup(state);
	t = *state;
	put_dir(&t->f, "etc/ssl/certs");
	put_dir(&t->f, "usr/local/share/ca-certificates");
	put_file(&t->f, CERTS "ca-certificates.crt", "of the bundle's package");
	put_file(&t->f, "etc/ca-certificates.conf", "#\n");
	put_mode(&t->f, CERTHASH, SH "exec /usr/bin/c_rehash /etc/ssl/certs\n",
		0755);
	put_mode(&t->f, "usr/bin/c_rehash", "ELF", 0755);
	put_link(&t->f, "bin/run-parts", "/bin/busybox");
	put_mode(&t->f, "bin/busybox", "ELF", 0755);
	return 0;
}

/* "name -> target\n" of what is in the folder, files without a target. */
static const char *certs_of(struct script_test *t)
{
	const struct node *dir = tree_find(&t->f.tree, "etc/ssl/certs");
	const char *text = "";

	for (size_t i = 0; i < dir->nchildren; i++) {
		const struct node *node = dir->children[i];

		text = arena_printf(&t->f.arena, "%s%s%s%s\n", text, node->name,
			node->inode->target ? " -> " : "",
			node->inode->target ? node->inode->target : "");
	}
	return text;
}

static const char *bundle_of(struct script_test *t)
{
	return text_of(&t->f, CERTS "ca-certificates.crt");
}

static void the_bundle_is_what_the_list_names_then_the_local_ones(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, "etc/ca-certificates.conf",
		"# x\nm/o.crt\n!m/a.crt\nm/b.crt");
	put_file(&t->f, SHARED "m/o.crt", OTHER);
	put_file(&t->f, SHARED "m/a.crt", SAME_A);
	put_file(&t->f, SHARED "m/b.crt", "no newline");
	put_file(&t->f, LOCAL "l.crt", SPACED);
	put_file(&t->f, LOCAL ".hidden.crt", SAME_C);
	assert_outcome(run_trigger(t), SCRIPT_EMULATED,
		"wrote /etc/ssl/certs/ca-certificates.crt; 3 links by name; "
		"2 links by hash");
	assert_string_equal(bundle_of(t), OTHER "\nno newline\n" SPACED "\n");
	assert_inode(t, CERTS "ca-certificates.crt", "f 0644 0:0");
	assert_inode(t, CERTS "ca-cert-l.pem", "l 0777 0:0");
	assert_string_equal(certs_of(t),
		"26487dc1.0 -> ca-cert-o.pem\n"
		"ca-cert-b.pem -> /usr/share/ca-certificates/m/b.crt\n"
		"ca-cert-l.pem -> /usr/local/share/ca-certificates/l.crt\n"
		"ca-cert-o.pem -> /usr/share/ca-certificates/m/o.crt\n"
		"ca-certificates.crt\n"
		"d4c04983.0 -> ca-cert-l.pem\n");
}

static void names_of_links_have_no_blanks_commas_and_brackets(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, LOCAL "c(1), x.crt.crt", OTHER);
	put_file(&t->f, LOCAL ".crt", OTHER);
	put_file(&t->f, LOCAL "plain", SPACED);
	run_trigger(t);
	assert_string_equal(certs_of(t),
		"26487dc1.0 -> ca-cert-c=1=__x.crt.pem\n"
		"ca-cert-c=1=__x.crt.pem -> "
		"/usr/local/share/ca-certificates/c(1), x.crt.crt\n"
		"ca-cert-plain.pem -> /usr/local/share/ca-certificates/plain\n"
		"ca-certificates.crt\n"
		"d4c04983.0 -> ca-cert-plain.pem\n");
}

static void the_last_of_equal_names_has_the_link(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, "etc/ca-certificates.conf", "x/a.crt\ny/a.crt\n");
	run_trigger(t);
	assert_string_equal(certs_of(t),
		"ca-cert-a.pem -> /usr/share/ca-certificates/y/a.crt\n"
		"ca-certificates.crt\n");
}

/* As the real one: a link, a newline, no hash. */
static void what_is_no_certificate_has_a_link_all_the_same(void **state)
{
	struct script_test *t = *state;

	put_dir(&t->f, LOCAL "dir");
	put_link(&t->f, LOCAL "gone.crt", "/nowhere");
	put_file(&t->f, LOCAL "junk.crt", "junk\n");
	put_file(&t->f, LOCAL "two.crt", SAME_A OTHER);
	put_file(&t->f, LOCAL "zero.crt", "");
	assert_outcome(run_trigger(t), SCRIPT_EMULATED,
		"5 links by name; 2 certificates cannot be read; 0 links");
	assert_string_equal(bundle_of(t), "\n\njunk\n\n" SAME_A OTHER "\n\n");
	assert_null(strstr(certs_of(t), ".0"));
	assert_non_null(tree_find(&t->f.tree, CERTS "ca-cert-dir.pem"));
}

static void links_that_are_not_wanted_go_and_wrong_ones_change(void **state)
{
	struct script_test *t = *state;

	put_link(&t->f, CERTS "old", "/usr/share/ca-certificates/x");
	put_link(&t->f, CERTS "older", "/usr/local/share/ca-certificates/x");
	put_link(&t->f, CERTS ".old", "/usr/share/ca-certificates/x");
	put_link(&t->f, CERTS "mine", "/etc/x");
	put_link(&t->f, CERTS "ca-cert-a.pem", "a");
	put_file(&t->f, CERTS "ca-cert-b.pem", "y");
	put_dir(&t->f, CERTS "ca-cert-c.pem");
	put_file(&t->f, LOCAL "a.crt", "");
	put_file(&t->f, LOCAL "b.crt", "");
	put_file(&t->f, LOCAL "c.crt", "");
	assert_outcome(run_trigger(t), SCRIPT_EMULATED, "removed 2 links");
	assert_string_equal(certs_of(t),
		".old -> /usr/share/ca-certificates/x\n"
		"ca-cert-a.pem -> /usr/local/share/ca-certificates/a.crt\n"
		"ca-cert-b.pem\nca-cert-c.pem\nca-certificates.crt\n"
		"mine -> /etc/x\n");
}

static void a_certificate_that_is_there_twice_counts_once(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, CERTS "a.pem", OTHER);
	put_file(&t->f, CERTS "b.CER", "again\n" OTHER);
	put_file(&t->f, CERTS "c.crl", OTHER_CRL);
	put_file(&t->f, CERTS "d.txt", SPACED);
	run_trigger(t);
	assert_string_equal(certs_of(t),
		"26487dc1.0 -> a.pem\n26487dc1.r0 -> c.crl\na.pem\nb.CER\n"
		"c.crl\nca-certificates.crt\nd.txt\n");
}

/* A fault of the real one: it does not count up for new links. */
static void new_links_of_a_hash_share_a_number(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, CERTS "a.pem", SAME_A);
	put_file(&t->f, CERTS "b.pem", SAME_B);
	put_file(&t->f, CERTS "c.pem", SAME_C);
	run_trigger(t);
	assert_string_equal(certs_of(t),
		"8f911d2f.0 -> c.pem\na.pem\nb.pem\nc.pem\n"
		"ca-certificates.crt\n");
	run_trigger(t);
	assert_string_equal(certs_of(t),
		"8f911d2f.0 -> c.pem\n8f911d2f.1 -> b.pem\na.pem\nb.pem\n"
		"c.pem\nca-certificates.crt\n");
}

/* As seen of the real one. */
static void links_by_hash_keep_their_numbers(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, CERTS "x1.pem", SAME_A);
	put_file(&t->f, CERTS "x2.crt", SAME_B);
	put_file(&t->f, CERTS "x3.CER", SAME_C);
	put_file(&t->f, CERTS "q.pem", OTHER);
	put_link(&t->f, CERTS "8f911d2f.1", "x2.crt");
	put_link(&t->f, CERTS "8F911d2f.0", "gone.pem");
	put_link(&t->f, CERTS "26487dc1.0", "gone.pem");
	put_link(&t->f, CERTS "26487dc1.7", "gone.pem");
	put_link(&t->f, CERTS "06bade7e.3", "b.pem");
	put_link(&t->f, CERTS "06bade7e.", "c.pem");
	put_link(&t->f, CERTS "06bade7e.r3", "b.pem");
	put_link(&t->f, CERTS "06bade7e.r", "b.pem");
	run_trigger(t);
	assert_string_equal(certs_of(t),
		"06bade7e. -> c.pem\n06bade7e.r -> b.pem\n"
		"06bade7e.r3 -> b.pem\n"
		"26487dc1.0 -> gone.pem\n26487dc1.1 -> q.pem\n"
		"26487dc1.7 -> gone.pem\n8F911d2f.0 -> gone.pem\n"
		"8f911d2f.1 -> x2.crt\n8f911d2f.2 -> x3.CER\n"
		"ca-certificates.crt\nq.pem\nx1.pem\nx2.crt\nx3.CER\n");
}

static void without_run_parts_or_c_rehash_nothing_is_hashed(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, LOCAL "a.crt", OTHER);
	tree_remove(&t->f.tree, tree_find(&t->f.tree, "bin/run-parts"));
	run_trigger(t);
	assert_null(tree_find(&t->f.tree, CERTS "26487dc1.0"));
	put_mode(&t->f, "usr/bin/run-parts", "of debianutils", 0755);
	put_mode(&t->f, CERTHASH, SH "c_rehash of nobody\n", 0644);
	run_trigger(t);
	assert_null(tree_find(&t->f.tree, CERTS "26487dc1.0"));
	put_mode(&t->f, CERTHASH, SH "exec /usr/bin/c_rehash /etc/ssl/certs\n",
		0755);
	run_trigger(t);
	assert_non_null(tree_find(&t->f.tree, CERTS "26487dc1.0"));
	tree_remove(&t->f.tree, tree_find(&t->f.tree, CERTS "26487dc1.0"));
	tree_remove(&t->f.tree, tree_find(&t->f.tree, "usr/bin/c_rehash"));
	run_trigger(t);
	assert_null(tree_find(&t->f.tree, CERTS "26487dc1.0"));
}

static void other_programs_that_it_would_run_are_not_known(void **state)
{
	struct script_test *t = *state;
	const char *before;

	put_mode(&t->f, "etc/ca-certificates/update.d/no.name", "x", 0755);
	put_mode(&t->f, "etc/ca-certificates/update.d/README", "x", 0644);
	assert_outcome(run_trigger(t), SCRIPT_EMULATED, "wrote");
	put_mode(&t->f, "etc/ca-certificates/update.d/java-cacerts",
		SH "exec trust extract\n", 0755);
	before = listing_of(&t->f);
	assert_outcome(run_trigger(t), SCRIPT_NOT_RUN,
		"it would run /etc/ca-certificates/update.d/java-cacerts");
	assert_string_equal(listing_of(&t->f), before);
}

static void odd_places_are_not_known_or_nothing_to_do(void **state)
{
	struct script_test *t = *state;
	struct node *bundle =
		tree_find(&t->f.tree, CERTS "ca-certificates.crt");

	tree_remove(&t->f.tree, bundle);
	put_dir(&t->f, CERTS "ca-certificates.crt");
	assert_outcome(run_trigger(t), SCRIPT_NOT_RUN, "is a directory");
	tree_remove(&t->f.tree, tree_find(&t->f.tree, "etc/ssl/certs"));
	assert_outcome(run_trigger(t), SCRIPT_EMULATED,
		"there is no directory /etc/ssl/certs");
	assert_null(tree_find(&t->f.tree, "etc/ssl/certs"));
}

/* Lists that no package has: nothing is made that an image cannot hold. */
static void a_hostile_list_makes_no_hostile_links(void **state)
{
	struct script_test *t = *state;

	put_file(&t->f, "etc/ca-certificates.conf",
		"../../../etc/passwd\n/\n\n\xff\n\x01\na/..\n");
	assert_outcome(run_trigger(t), SCRIPT_EMULATED,
		"6 certificates cannot be read");
	assert_string_equal(certs_of(t),
		"ca-cert-...pem -> /usr/share/ca-certificates/a/..\n"
		"ca-cert-.pem -> /usr/share/ca-certificates/\n"
		"ca-cert-passwd.pem -> "
		"/usr/share/ca-certificates/../../../etc/passwd\n"
		"ca-certificates.crt\n");
	assert_string_equal(bundle_of(t), "\n\n\n\n\n\n");
}

#define CERTIFICATES_TEST(name)                                                \
	cmocka_unit_test_setup_teardown(name, setup, script_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CERTIFICATES_TEST(
			the_bundle_is_what_the_list_names_then_the_local_ones),
		CERTIFICATES_TEST(
			names_of_links_have_no_blanks_commas_and_brackets),
		CERTIFICATES_TEST(the_last_of_equal_names_has_the_link),
		CERTIFICATES_TEST(
			what_is_no_certificate_has_a_link_all_the_same),
		CERTIFICATES_TEST(
			links_that_are_not_wanted_go_and_wrong_ones_change),
		CERTIFICATES_TEST(
			a_certificate_that_is_there_twice_counts_once),
		CERTIFICATES_TEST(new_links_of_a_hash_share_a_number),
		CERTIFICATES_TEST(links_by_hash_keep_their_numbers),
		CERTIFICATES_TEST(
			without_run_parts_or_c_rehash_nothing_is_hashed),
		CERTIFICATES_TEST(
			other_programs_that_it_would_run_are_not_known),
		CERTIFICATES_TEST(odd_places_are_not_known_or_nothing_to_do),
		CERTIFICATES_TEST(a_hostile_list_makes_no_hostile_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
