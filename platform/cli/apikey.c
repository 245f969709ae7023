/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern apikey add|list|revoke */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "db/sync.h"

/* The right that begins at `text` belongs to a plugin of this program. */
static bool
right_exists(const struct registry *registry, const char *text, size_t len)
{
	const struct plugin	*plugin;
	const char *const	*right;
	size_t			 i, name;

	for (i = 1; i < registry->count; i++) {
		plugin = registry->plugins[i].plugin;
		name = strlen(plugin->name);
		if (len <= name || strncmp(text, plugin->name, name) != 0 ||
		    text[name] != '.')
			continue;
		for (right = plugin->permissions; right != NULL &&
		    *right != NULL; right++) {
			if (strlen(*right) == len - name - 1 &&
			    strncmp(*right, text + name + 1,
			    len - name - 1) == 0)
				return (true);
		}
	}
	return (false);
}

static enum status
rights_check(struct cli *cli, const char *rights)
{
	const struct registry	*registry;
	size_t			 len;

	if ((registry = cli_registry(cli)) == NULL)
		return (STATUS_INVALID);
	for (;; rights += len + 1) {
		len = strcspn(rights, ",");
		if (!right_exists(registry, rights, len)) {
			(void)cli_fail("no such right: \"%.*s\"; a right is "
			    "<plugin>.<right>, see docs/tenants.md", (int)len,
			    rights);
			return (STATUS_INVALID);
		}
		if (rights[len] == '\0')
			return (STATUS_OK);
	}
}

/* One statement inside the tenant; NULL: it was said why not. */
static PGresult *
apikey_query(struct cli *cli, const char *slug, const char *statement,
    const struct cli_value *values)
{
	PGresult	*result;
	int32_t		 id;

	if ((id = cli_tenant_id(cli, slug)) == 0 ||
	    sync_begin(cli->db, id) != STATUS_OK)
		return (NULL);
	result = cli_query(cli, statement, values, NULL);
	if (result == NULL) {
		sync_rollback(cli->db);
		return (NULL);
	}
	if (sync_commit(cli->db) == STATUS_OK)
		return (result);
	PQclear(result);
	return (NULL);
}

const char *
cli_apikey_add(struct cli *cli, const char *slug, const char *name,
    const char *rights)
{
	unsigned char	 hash[CRYPTO_HASH_LEN];
	struct keys	 keys;
	PGresult	*result;
	const char	*key;
	int32_t		 id;

	if (rights_check(cli, rights) != STATUS_OK ||
	    keys_load(&keys, cli_keys_dir(cli), KEYS_CLI) != STATUS_OK ||
	    (id = cli_tenant_id(cli, slug)) == 0)
		return (NULL);
	key = crypto_token(cli->arena);
	crypto_digest(&keys, HASH_API_KEY, id, key, strlen(key), hash);
	explicit_bzero(&keys, sizeof(keys));
	result = apikey_query(cli, slug, "apikey_put",
	    (const struct cli_value[]){
	    { "hash", cli_hex(cli->arena, hash, sizeof(hash)) },
	    { "name", name }, { "rights", rights }, { NULL, NULL } });
	if (result == NULL)
		return (NULL);
	PQclear(result);
	return (key);
}

enum cli_exit
command_apikey_add(struct cli *cli, int argc, char **argv)
{
	const char	*name, *rights, *key;
	int		 i;

	name = rights = NULL;
	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--name") == 0)
			name = argv[i + 1];
		else if (strcmp(argv[i], "--right") == 0)
			rights = argv[i + 1];
		else
			return (cli_usage(cli));
	}
	if (argc < 1 || i != argc || name == NULL || rights == NULL)
		return (cli_usage(cli));
	if (!field_format_fits(FIELD_FORMAT_LINE, name))
		return (cli_fail("a name is one line of text"));
	if (cli_database(cli) == NULL ||
	    (key = cli_apikey_add(cli, argv[0], name, rights)) == NULL)
		return (CLI_FAILED);
	(void)printf("%s: key of \"%s\" (shown once): %s\n", argv[0], name,
	    key);
	return (CLI_OK);
}

enum cli_exit
command_apikey_list(struct cli *cli, int argc, char **argv)
{
	PGresult	*result;
	int		 i;

	if (argc != 1)
		return (cli_usage(cli));
	if (cli_database(cli) == NULL || (result = apikey_query(cli, argv[0],
	    "apikey_list", (const struct cli_value[]){ { NULL, NULL } })) ==
	    NULL)
		return (CLI_FAILED);
	for (i = 0; i < PQntuples(result); i++)
		(void)printf("%s  %s  %s  %s  %s\n",
		    cli_column(result, i, "id"),
		    cli_column(result, i, "created"),
		    cli_column(result, i, "state"),
		    cli_column(result, i, "rights"),
		    cli_column(result, i, "name"));
	PQclear(result);
	return (CLI_OK);
}

enum cli_exit
command_apikey_revoke(struct cli *cli, int argc, char **argv)
{
	PGresult	*result;
	bool		 found;

	if (argc != 2)
		return (cli_usage(cli));
	if (!field_format_fits(FIELD_FORMAT_UUID, argv[1]))
		return (cli_fail("not a key's id: \"%s\"; see: stadtkern "
		    "apikey list %s", argv[1], argv[0]));
	if (cli_database(cli) == NULL || (result = apikey_query(cli, argv[0],
	    "apikey_revoke", (const struct cli_value[]){ { "id", argv[1] },
	    { NULL, NULL } })) == NULL)
		return (CLI_FAILED);
	found = PQntuples(result) == 1;
	PQclear(result);
	if (!found)
		return (cli_fail("\"%s\" has no such key in force", argv[0]));
	(void)printf("%s: key %s is revoked\n", argv[0], argv[1]);
	return (CLI_OK);
}
