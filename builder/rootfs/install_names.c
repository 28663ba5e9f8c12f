/* SPDX-License-Identifier: MIT
 *
 * Owners as apk finds them: by name in the tree, "root" always 0, and what
 * the tree does not know by the number that the archive has.
 */
#include <inttypes.h>
#include <string.h>

#include "rootfs/account_file.h"
#include "rootfs/install_parts.h"

static int read_text(const struct tree *tree, const char *path,
	struct buf *text, struct error *err)
{
	struct node *node;

	if (tree_resolve(tree, path, TREE_FOLLOW_ALL, &node, err))
		return error_wrap(err, "%s", path);
	if (!node || node->inode->kind != INODE_FILE) {
		buf_init(text, 0);
		return 0;
	}
	return account_file_read(tree, path, &node, text, err);
}

int install_names_read(
	struct install_names *names, const struct tree *tree, struct error *err)
{
	memset(names, 0, sizeof(*names));
	if (read_text(tree, ACCOUNT_PASSWD, &names->users.text, err))
		return -1;
	if (!read_text(tree, ACCOUNT_GROUP, &names->groups.text, err))
		return 0;
	install_names_release(names);
	return -1;
}

void install_names_release(struct install_names *names)
{
	buf_release(&names->users.text);
	buf_release(&names->groups.text);
	free(names->users.last);
	free(names->groups.last);
}

/* Archives have the same name again and again. */
static void look_up(struct install_accounts *accounts, const char *name)
{
	struct account account;

	if (accounts->last && !strcmp(accounts->last, name))
		return;
	free(accounts->last);
	accounts->last = memory_strdup(name);
	accounts->is_known = !strcmp(name, "root");
	accounts->id = 0;
	if (!accounts->is_known &&
		account_find(buf_slice(&accounts->text), name, &account)) {
		accounts->is_known = true;
		accounts->id = account.id;
	}
}

static int find(struct install_accounts *accounts, const char *name,
	uint64_t number, uint32_t *id, struct error *err)
{
	if (name) {
		look_up(accounts, name);
		if (accounts->is_known)
			number = accounts->id;
	}
	if (number > TREE_ID_MAX)
		return error_set(err, ERROR_INPUT,
			"its owner or group %" PRIu64 " is above the highest "
			"that routers map, %d",
			number, TREE_ID_MAX);
	*id = (uint32_t)number;
	return 0;
}

int install_names_find(struct install_names *names, const struct tar_entry *e,
	struct db_acl *acl, struct error *err)
{
	if (find(&names->users, e->uname, e->uid, &acl->uid, err))
		return -1;
	return find(&names->groups, e->gname, e->gid, &acl->gid, err);
}
