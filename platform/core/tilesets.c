/* SPDX-License-Identifier: EUPL-1.2 */
/* A folder of tile archives, and what is told of each. */

#include <sys/mman.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stadtkern/field.h>

#include "core/log.h"
#include "core/tilesets.h"

#define SUFFIX		".pmtiles"
#define BLOCK		((size_t)1 << 18)
#define JSON_MAX	(2u << 20)
#define HASH_LEN	16
#define NAME_PLAIN	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
			"0123456789-_. "

static bool
file_read_at(void *arg, uint64_t at, void *to, size_t len)
{
	const struct tileset	*set = arg;
	unsigned char		*into = to;
	ssize_t			 got;

	while (len > 0) {
		got = pread(set->fd, into, len, (off_t)at);
		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return (false);
		into += got;
		at += (uint64_t)got;
		len -= (size_t)got;
	}
	return (true);
}

/* Of the content, so that copies on other machines have the same. */
static enum pmtiles_verdict
set_etag(struct tileset *set)
{
	crypto_generichash_state	 state;
	unsigned char			 hash[HASH_LEN], *block;
	uint64_t			 at;
	size_t				 len;
	bool				 good;

	if ((block = malloc(BLOCK)) == NULL)
		return (PMTILES_READ);
	(void)crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	good = true;
	for (at = 0; good && at < set->size; at += len) {
		len = set->size - at < BLOCK ? (size_t)(set->size - at) :
		    BLOCK;
		good = file_read_at(set, at, block, len);
		if (good)
			(void)crypto_generichash_update(&state, block, len);
	}
	free(block);
	(void)crypto_generichash_final(&state, hash, sizeof(hash));
	set->etag[0] = set->etag[TILESET_ETAG_LEN - 1] = '"';
	(void)sodium_bin2hex(set->etag + 1, HASH_LEN * 2 + 1, hash,
	    sizeof(hash));
	set->etag[TILESET_ETAG_LEN - 1] = '"';
	set->etag[TILESET_ETAG_LEN] = '\0';
	return (good ? PMTILES_OK : PMTILES_READ);
}

static enum pmtiles_verdict
set_metadata(struct arena *arena, struct tileset *set)
{
	struct findings		 findings;
	struct node		*node;
	enum pmtiles_verdict	 verdict;
	enum status		 status;
	char			*text;
	size_t			 len;

	verdict = archive_metadata(set->archive, &text, &len);
	if (verdict != PMTILES_OK)
		return (verdict);
	findings_init(&findings, arena);
	status = node_from_json(arena, text, len, &node, &findings);
	free(text);
	if (status != STATUS_OK || node->kind != NODE_MAP)
		return (PMTILES_METADATA);
	set->metadata = node;
	return (PMTILES_OK);
}

/* `set` has its file; what was taken is given back by set_close(). */
static enum pmtiles_verdict
set_open(struct arena *arena, struct tileset *set)
{
	struct archive_source	 source;
	enum pmtiles_verdict	 verdict;
	struct stat		 st;
	void			*mapped;

	if (fstat(set->fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_size < 0)
		return (PMTILES_READ);
	set->size = (uint64_t)st.st_size;
	source.read = file_read_at;
	source.arg = set;
	source.size = set->size;
	if ((verdict = archive_open(&source, &set->archive)) != PMTILES_OK ||
	    (verdict = set_metadata(arena, set)) != PMTILES_OK ||
	    (verdict = set_etag(set)) != PMTILES_OK)
		return (verdict);
	mapped = mmap(NULL, (size_t)set->size, PROT_READ, MAP_SHARED, set->fd,
	    0);
	if (mapped == MAP_FAILED)
		return (PMTILES_READ);
	set->mapped = mapped;
	return (PMTILES_OK);
}

static void
set_close(struct tileset *set)
{
	archive_free(set->archive);
	(void)close(set->fd);
	memset(set, 0, sizeof(*set));
}

/* true: one more set. */
static bool
folder_entry(struct arena *arena, const char *folder, const char *file,
    struct tileset *set)
{
	enum pmtiles_verdict	 verdict;
	char			*name;
	size_t			 i;

	name = arena_copy(arena, file, strlen(file) - strlen(SUFFIX));
	if (!field_format_fits(FIELD_FORMAT_CODE, name)) {
		/* Nothing that could end the quotes of a log line. */
		for (i = 0; name[i] != '\0'; i++)
			if (strchr(NAME_PLAIN, name[i]) == NULL)
				name[i] = '?';
		log_event(LOG_LEVEL_ERROR, "tile archive refused",
		    "set=\"%s\" reason=\"is not named in %s\"", name,
		    field_format_says(FIELD_FORMAT_CODE));
		return (false);
	}
	set->name = name;
	/* A FIFO would be waited for. */
	set->fd = open(arena_format(arena, "%s/%s", folder, file),
	    O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (set->fd == -1) {
		log_event(LOG_LEVEL_ERROR, "tile archive refused",
		    "set=%s reason=\"%s\"", name, strerror(errno));
		return (false);
	}
	if ((verdict = set_open(arena, set)) == PMTILES_OK)
		return (true);
	log_event(LOG_LEVEL_ERROR, "tile archive refused",
	    "set=%s reason=\"%s\"", name, pmtiles_verdict_text(verdict));
	set_close(set);
	return (false);
}

static bool
is_archive(const struct dirent *entry)
{
	size_t	 len;

	len = strlen(entry->d_name);
	return (entry->d_name[0] != '.' && len > strlen(SUFFIX) &&
	    strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX) == 0);
}

struct tilesets *
tilesets_open(struct arena *arena, const char *folder)
{
	const struct dirent	*entry;
	struct tilesets		*tilesets;
	DIR			*dir;

	tilesets = arena_alloc(arena, sizeof(*tilesets));
	tilesets->sets = arena_alloc(arena,
	    TILESETS_MAX * sizeof(*tilesets->sets));
	if ((dir = opendir(folder)) == NULL) {
		log_event(LOG_LEVEL_WARN, "no folder with tile archives",
		    "reason=\"%s\"", strerror(errno));
		return (tilesets);
	}
	while (tilesets->count < TILESETS_MAX &&
	    (entry = readdir(dir)) != NULL) {
		if (is_archive(entry) && folder_entry(arena, folder,
		    entry->d_name, &tilesets->sets[tilesets->count]))
			tilesets->count++;
	}
	if (tilesets->count == TILESETS_MAX)
		log_event(LOG_LEVEL_WARN, "tile archives beyond these are "
		    "not looked at", "count=%d", TILESETS_MAX);
	(void)closedir(dir);
	return (tilesets);
}

const struct tileset *
tilesets_get(const struct tilesets *tilesets, const char *name)
{
	size_t	 i;

	for (i = 0; tilesets != NULL && i < tilesets->count; i++)
		if (strcmp(tilesets->sets[i].name, name) == 0)
			return (&tilesets->sets[i]);
	return (NULL);
}

static bool
set_is_vector(const struct tileset *set)
{
	enum pmtiles_type	 type;

	type = archive_header(set->archive)->type;
	return (type == PMTILES_MVT || type == PMTILES_MLT);
}

const char *
tileset_kind(const struct tileset *set)
{
	return (set_is_vector(set) ? "vector" : "raster");
}

const char *
tileset_text(const struct tileset *set, const char *name)
{
	const struct node	*node;

	node = node_get(set->metadata, name);
	return (node == NULL || node->kind != NODE_TEXT ? NULL : node->text);
}

static void
text_write(struct json *json, const char *name, const char *text)
{
	if (text != NULL)
		json_text(json, name, text);
}

static void
numbers_write(struct json *json, const char *name, const double *numbers,
    size_t count)
{
	size_t	 i;

	json_open_array(json, name);
	for (i = 0; i < count; i++)
		json_number(json, NULL, numbers[i]);
	json_close(json);
}

char *
tileset_json(struct arena *arena, const struct tileset *set, const char *url,
    const char *attribution, size_t *len)
{
	const struct pmtiles_header	*header;
	const struct node		*layers;
	struct json			 json;
	double				 center[3];

	header = archive_header(set->archive);
	json_init(&json, arena, JSON_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "tilejson", "3.0.0");
	text_write(&json, "name", tileset_text(set, "name"));
	text_write(&json, "description", tileset_text(set, "description"));
	text_write(&json, "attribution", attribution != NULL ? attribution :
	    tileset_text(set, "attribution"));
	json_text(&json, "scheme", "xyz");
	json_open_array(&json, "tiles");
	json_text(&json, NULL, url);
	json_close(&json);
	json_int(&json, "minzoom", header->zoom_min);
	json_int(&json, "maxzoom", header->zoom_max);
	numbers_write(&json, "bounds", header->bounds, 4);
	center[0] = header->center[0];
	center[1] = header->center[1];
	center[2] = header->center_zoom;
	numbers_write(&json, "center", center, 3);
	layers = node_get(set->metadata, "vector_layers");
	if (set_is_vector(set)) {
		if (layers != NULL && layers->kind == NODE_LIST)
			node_to_json(&json, "vector_layers", layers);
		else {
			json_open_array(&json, "vector_layers");
			json_close(&json);
		}
	}
	json_close(&json);
	return (json_finish(&json, len));
}

void
tileset_describe(struct json *json, const struct tileset *set)
{
	const struct pmtiles_header	*header;
	const struct node		*layers, *layer, *id;

	header = archive_header(set->archive);
	json_text(json, "type", tileset_kind(set));
	json_int(json, "minzoom", header->zoom_min);
	json_int(json, "maxzoom", header->zoom_max);
	json_open_array(json, "layers");
	layers = node_get(set->metadata, "vector_layers");
	layer = layers == NULL || layers->kind != NODE_LIST ? NULL :
	    layers->first;
	for (; layer != NULL; layer = layer->next) {
		id = node_get(layer, "id");
		if (id != NULL && id->kind == NODE_TEXT)
			json_text(json, NULL, id->text);
	}
	json_close(json);
}
