/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Builds the sample plugin into a home of its own, with the platform's real
 * statements and messages beside it, and one text exchanged for another.
 */
#ifndef UNIT_SAMPLE_H
#define UNIT_SAMPLE_H

#include <limits.h>
#include <stdint.h>

#include "core/plugin/registry.h"

#include "folder.h"

#define SAMPLE_DIR	"tests/unit/fixtures/plugins/sample"

struct sample {
	struct arena	*arena;
	const char	*home;
	const char	*objects;
	const char	*dir;		/* plugins/sample */
};

/* `from` in the text of `file` becomes `to`; NULL: nothing does. */
struct edit {
	const char	*file;
	const char	*from;
	const char	*to;
};

static inline bool
sample_copy(const struct sample *s, const char *file, const struct edit *edit)
{
	const char	*text, *at;

	text = folder_read(s->arena, arena_format(s->arena, "%s/%s",
	    SAMPLE_DIR, file));
	if (text == NULL)
		return (false);
	if (edit != NULL && strcmp(edit->file, file) == 0) {
		if ((at = strstr(text, edit->from)) == NULL)
			return (false);
		text = arena_format(s->arena, "%.*s%s%s", (int)(at - text),
		    text, edit->to, at + strlen(edit->from));
	}
	return (folder_write(arena_format(s->arena, "%s/%s", s->dir, file),
	    text));
}

/* Compiles the plugin in `s->dir` to <objects>/<name>.so. */
static inline bool
sample_build(const struct sample *s, const char *name)
{
	const char	*cc;

	cc = getenv("CC");
	return (folder_run((const char *const []){
	    cc == NULL ? "cc" : cc, "-std=c11", "-D_GNU_SOURCE", "-fPIC",
	    "-shared", "-fvisibility=hidden", "-Iplatform/include", "-o",
	    arena_format(s->arena, "%s/%s.so", s->objects, name),
	    arena_format(s->arena, "%s/plugin.c", s->dir), NULL }));
}

static inline bool
sample_folders(struct sample *s)
{
	char	platform[PATH_MAX];

	if ((s->home = folder_new(s->arena)) == NULL ||
	    realpath("platform", platform) == NULL)
		return (false);
	s->objects = arena_format(s->arena, "%s/objects", s->home);
	s->dir = arena_format(s->arena, "%s/plugins/sample", s->home);
	return (symlink(platform, arena_format(s->arena, "%s/platform",
	    s->home)) == 0 && mkdir(s->objects, 0755) == 0 &&
	    mkdir(arena_format(s->arena, "%s/plugins", s->home), 0755) == 0 &&
	    mkdir(s->dir, 0755) == 0 && mkdir(arena_format(s->arena,
	    "%s/messages", s->dir), 0755) == 0);
}

/* Whether all could be made and compiled. */
static inline bool
sample_init(struct sample *s, const struct edit *edit)
{
	static const char *const	files[] = {
		"plugin.c", "queries.sql", "defaults.yaml",
		"messages/de.yaml", "messages/en.yaml",
	};
	size_t				i;

	s->arena = arena_new(0);
	if (!sample_folders(s))
		return (false);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!sample_copy(s, files[i], edit))
			return (false);
	}
	return (sample_build(s, "sample"));
}

static inline void
sample_fini(struct sample *s)
{
	if (s->home != NULL)
		folder_free(s->home);
	arena_free(s->arena);
}

#endif
