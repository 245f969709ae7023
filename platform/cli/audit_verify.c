/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stadtkern audit verify: whether the log is what the courier wrote. Each
 * entry has to follow the one before and to fit its hash; each checkpoint, of
 * the database and of the file outside of it, has to be signed by our key and
 * to find its entry. Everything that is wrong is told, with its place.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/cli.h"
#include "core/audit_chain.h"
#include "core/document/file.h"
#include "db/sync.h"

#define FILE_MAX	(256u << 20)
#define FINDINGS_SHOWN	100

struct list {
	size_t			 count, room;
	struct checkpoint	*items;
};

struct verifier {
	struct cli	*cli;
	const char	*slug;
	int32_t		 tenant;
	const char	*path;
	unsigned char	 key[CHAIN_KEY_LEN];
	struct list	 file;		/* of all tenants */
	struct list	 table;
	int64_t		 start;		/* what was taken off ends here */
	int64_t		 last;		/* entry */
	unsigned char	 hash[CHAIN_HASH_LEN];	/* of `last` */
	int64_t		 entries;
	size_t		 findings;
};

static void	found(struct verifier *, const char *, ...)
		    __attribute__((format(printf, 2, 3)));

static void
found(struct verifier *v, const char *fmt, ...)
{
	va_list	 args;

	if (++v->findings > FINDINGS_SHOWN)
		return;
	(void)fprintf(stderr, "%s: ", v->slug);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

static void
list_add(struct list *list, const struct checkpoint *checkpoint)
{
	if (list->count == list->room) {
		list->room = list->room == 0 ? 256 : list->room * 2;
		list->items = realloc(list->items,
		    list->room * sizeof(*list->items));
		if (list->items == NULL)
			abort();
	}
	list->items[list->count++] = *checkpoint;
}

/* Ours, and signed; false: it says nothing. */
static bool
checkpoint_counts(struct verifier *v, const struct checkpoint *checkpoint,
    const char *where)
{
	if (sodium_memcmp(checkpoint->key, v->key, CHAIN_KEY_LEN) != 0)
		found(v, "%s: signed by another key", where);
	else if (!checkpoint_holds(checkpoint))
		found(v, "%s: the signature is wrong, it was forged or "
		    "changed", where);
	else
		return (true);
	return (false);
}

static enum status
file_load(struct verifier *v)
{
	struct checkpoint	 checkpoint;
	const char		*where;
	char			*text, *line, *end;
	size_t			 len;
	int			 number;

	if (file_read(v->cli->arena, v->path, FILE_MAX, &text, &len) !=
	    STATUS_OK) {
		found(v, "%s: cannot be read", v->path);
		return (STATUS_IO);
	}
	number = 0;
	for (line = text; line < text + len; line = end + 1) {
		where = arena_format(v->cli->arena, "%s:%d", v->path,
		    ++number);
		end = memchr(line, '\n', (size_t)(text + len - line));
		if (end == NULL) {
			found(v, "%s: the last line is cut off", where);
			break;
		}
		if (checkpoint_read(line, (size_t)(end - line),
		    &checkpoint) != STATUS_OK)
			found(v, "%s: is no checkpoint", where);
		else if (checkpoint_counts(v, &checkpoint, where))
			list_add(&v->file, &checkpoint);
	}
	return (STATUS_OK);
}

static bool
list_has(const struct list *list, const struct checkpoint *wanted)
{
	const struct checkpoint	*one;
	size_t			 i;

	for (i = 0; i < list->count; i++) {
		one = &list->items[i];
		if (memcmp(one->signature, wanted->signature,
		    CHAIN_SIGNATURE_LEN) == 0)
			return (true);
	}
	return (false);
}

/* The same line as in the file, made of a row. */
static bool
row_read(struct cli *cli, const PGresult *result, int row,
    struct checkpoint *checkpoint)
{
	const char	*line;

	line = arena_format(cli->arena, "stadtkern-audit-1 %s %s %s %s %s %s "
	    "%s", cli_column(result, row, "kind"),
	    cli_column(result, row, "tenant_id"),
	    cli_column(result, row, "number"),
	    cli_column(result, row, "hash"), cli_column(result, row, "at"),
	    cli_column(result, row, "key"),
	    cli_column(result, row, "signature"));
	return (checkpoint_read(line, strlen(line), checkpoint) == STATUS_OK);
}

static enum status
table_load(struct verifier *v)
{
	struct checkpoint	 checkpoint;
	const char		*where;
	PGresult		*result;
	int			 i;

	result = cli_query(v->cli, "audit_checkpoints", NULL, NULL);
	if (result == NULL)
		return (STATUS_DATABASE);
	for (i = 0; i < PQntuples(result); i++) {
		where = arena_format(v->cli->arena, "checkpoint of %s, entry "
		    "%s", cli_column(result, i, "at"),
		    cli_column(result, i, "number"));
		if (!row_read(v->cli, result, i, &checkpoint))
			found(v, "%s: is no checkpoint", where);
		else if (checkpoint_counts(v, &checkpoint, where)) {
			list_add(&v->table, &checkpoint);
			if (!list_has(&v->file, &checkpoint))
				found(v, "%s: is not in %s, which was cut off "
				    "or is another courier's", where, v->path);
		}
	}
	PQclear(result);
	return (STATUS_OK);
}

/* The last anchor, wherever it stands: nothing before it is looked for. */
static void
start_find(struct verifier *v)
{
	const struct list	*lists[] = { &v->table, &v->file };
	const struct checkpoint	*one;
	size_t			 i, l;

	for (l = 0; l < 2; l++) {
		for (i = 0; i < lists[l]->count; i++) {
			one = &lists[l]->items[i];
			if (one->tenant != v->tenant ||
			    one->kind != CHAIN_ANCHOR ||
			    one->number <= v->start)
				continue;
			v->start = one->number;
			memcpy(v->hash, one->hash, CHAIN_HASH_LEN);
		}
	}
	v->last = v->start;
}

/* All checkpoints of this entry say the same hash, and that is it. */
static void
checkpoints_compare(struct verifier *v, const struct list *list)
{
	const struct checkpoint	*one;
	size_t			 i;

	for (i = 0; i < list->count; i++) {
		one = &list->items[i];
		if (one->tenant == v->tenant && one->number == v->last &&
		    sodium_memcmp(one->hash, v->hash, CHAIN_HASH_LEN) != 0) {
			found(v, "entry %lld: is not the one that was signed "
			    "at %s, the log was written anew before it",
			    (long long)v->last, one->at);
			return;
		}
	}
}

static bool
hash_read(const PGresult *result, int row, const char *column,
    unsigned char *hash)
{
	const char	*hex;
	size_t		 len;

	hex = cli_column(result, row, column);
	return (hex != NULL && sodium_hex2bin(hash, CHAIN_HASH_LEN, hex,
	    strlen(hex), NULL, &len, NULL) == 0 && len == CHAIN_HASH_LEN);
}

static void
entry_verify(struct verifier *v, const PGresult *result, int row)
{
	unsigned char		 previous[CHAIN_HASH_LEN], hash[CHAIN_HASH_LEN],
				 made[CHAIN_HASH_LEN];
	struct chain_entry	 entry;
	int64_t			 number;
	bool			 gap;
	int			 i;

	number = strtoll(PQgetvalue(result, row, 0), NULL, 10);
	for (i = 0; i < CHAIN_PARTS; i++)
		entry.parts[i] = PQgetisnull(result, row, i + 1) ? NULL :
		    PQgetvalue(result, row, i + 1);
	gap = number != v->last + 1;
	if (gap)
		found(v, "entry %lld: is missing%s",
		    (long long)v->last + 1, number == v->last + 2 ? "" :
		    arena_format(v->cli->arena, ", and all before entry %lld",
		    (long long)number));
	if (!hash_read(result, row, "previous", previous) ||
	    !hash_read(result, row, "hash", hash)) {
		found(v, "entry %lld: has no hash", (long long)number);
		v->last = number;
		return;
	}
	chain_hash(previous, &entry, made);
	if (sodium_memcmp(made, hash, CHAIN_HASH_LEN) != 0)
		found(v, "entry %lld: was changed, its hash is not what it "
		    "says", (long long)number);
	else if (!gap && sodium_memcmp(previous, v->hash,
	    CHAIN_HASH_LEN) != 0)
		found(v, "entry %lld: does not follow entry %lld, the order "
		    "was changed", (long long)number, (long long)v->last);
	memcpy(v->hash, hash, CHAIN_HASH_LEN);
	v->last = number;
	v->entries++;
	checkpoints_compare(v, &v->table);
	checkpoints_compare(v, &v->file);
}

static enum status
chain_verify(struct verifier *v)
{
	struct arena	*arena, *before;
	PGresult	*result;
	int		 i, count;

	before = v->cli->arena;
	do {
		arena = arena_new(0);
		v->cli->arena = arena;
		result = cli_query(v->cli, "audit_entries",
		    (const struct cli_value[]){ { "after",
		    arena_format(arena, "%lld", (long long)v->last) },
		    { NULL, NULL } }, NULL);
		count = result == NULL ? 0 : PQntuples(result);
		for (i = 0; i < count; i++)
			entry_verify(v, result, i);
		PQclear(result);
		v->cli->arena = before;
		arena_free(arena);
	} while (count > 0);
	return (result == NULL ? STATUS_DATABASE : STATUS_OK);
}

/* What was signed and is beyond the end. */
static void
end_verify(struct verifier *v)
{
	const struct list	*lists[] = { &v->table, &v->file };
	const struct checkpoint	*one, *far;
	size_t			 i, l;

	far = NULL;
	for (l = 0; l < 2; l++) {
		for (i = 0; i < lists[l]->count; i++) {
			one = &lists[l]->items[i];
			if (one->tenant == v->tenant && one->number > v->last &&
			    (far == NULL || one->number > far->number))
				far = one;
		}
	}
	if (far != NULL)
		found(v, "entry %lld: was signed at %s and is not there, the "
		    "end was cut off after entry %lld", (long long)far->number,
		    far->at, (long long)v->last);
}

static void
waiting_verify(struct verifier *v)
{
	const char	*count;
	PGresult	*result;

	result = cli_query(v->cli, "audit_waiting", NULL, NULL);
	count = result == NULL ? NULL : cli_column(result, 0, "count");
	if (count == NULL || strcmp(count, "0") != 0)
		found(v, "%s entries wait for more than ten minutes to be "
		    "chained, does the courier run?", count == NULL ? "some" :
		    count);
	PQclear(result);
}

/* false: something is wrong, and was said. */
static bool
tenant_verify(struct cli *cli, const char *slug, const char *path,
    const unsigned char *key)
{
	struct verifier	 v = { .cli = cli, .slug = slug, .path = path };
	enum status	 status;

	memcpy(v.key, key, CHAIN_KEY_LEN);
	if ((v.tenant = cli_tenant_id(cli, slug)) == 0 ||
	    sync_begin(cli->db, v.tenant) != STATUS_OK)
		return (false);
	(void)file_load(&v);
	status = table_load(&v);
	start_find(&v);
	if (status == STATUS_OK)
		status = chain_verify(&v);
	if (status == STATUS_OK) {
		end_verify(&v);
		waiting_verify(&v);
	}
	sync_rollback(cli->db);
	if (v.findings > FINDINGS_SHOWN)
		(void)fprintf(stderr, "%s: and %zu more\n", slug,
		    v.findings - FINDINGS_SHOWN);
	if (status == STATUS_OK && v.findings == 0)
		(void)printf("%s: %lld entries up to number %lld hold, %zu "
		    "checkpoints\n", slug, (long long)v.entries,
		    (long long)v.last, v.table.count);
	free(v.file.items);
	free(v.table.items);
	return (status == STATUS_OK && v.findings == 0);
}

/* A key in a file of its own, as a copy off the machine is. */
static enum status
key_load(struct cli *cli, const char *path, unsigned char *key)
{
	char	*text;
	size_t	 len;

	if (path == NULL)
		return (keys_audit_public(cli_keys_dir(cli), key));
	if (file_read(cli->arena, path, CHAIN_KEY_LEN + 1, &text, &len) !=
	    STATUS_OK || len != CHAIN_KEY_LEN)
		return (STATUS_IO);
	memcpy(key, text, CHAIN_KEY_LEN);
	return (STATUS_OK);
}

enum cli_exit
command_audit_verify(struct cli *cli, int argc, char **argv)
{
	unsigned char	 key[CHAIN_KEY_LEN];
	const char	*path, *key_path, *slug;
	PGresult	*all;
	bool		 good;
	int		 i, first;

	path = arena_format(cli->arena, "%s/audit/checkpoints", cli->env.var);
	key_path = NULL;
	for (first = 0; first + 1 < argc && argv[first][0] == '-';
	    first += 2) {
		if (strcmp(argv[first], "--checkpoints") == 0)
			path = argv[first + 1];
		else if (strcmp(argv[first], "--key") == 0)
			key_path = argv[first + 1];
		else
			return (cli_usage(cli));
	}
	if (first < argc && argv[first][0] == '-')
		return (cli_usage(cli));
	if (cli_database(cli) == NULL)
		return (CLI_FAILED);
	if (key_load(cli, key_path, key) != STATUS_OK)
		return (cli_fail("the public key cannot be read: \"%s\"",
		    key_path == NULL ? "keys/audit.pub" : key_path));
	if ((all = cli_query(cli, "tenant_list", NULL, NULL)) == NULL)
		return (CLI_FAILED);
	good = true;
	for (i = first; i < argc; i++)
		good = tenant_verify(cli, argv[i], path, key) && good;
	for (i = 0; first == argc && i < PQntuples(all); i++) {
		slug = arena_text(cli->arena, PQgetvalue(all, i, 0));
		good = tenant_verify(cli, slug, path, key) && good;
	}
	PQclear(all);
	return (good ? CLI_OK : CLI_FAILED);
}
