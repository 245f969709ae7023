/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * stadtkern plugin new: a plugin to begin with. platform/cli/skeleton/ is one
 * that works, under the name new-plugin; here it is written under another.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/document/file.h"

#define SKELETON	"platform/cli/skeleton"
#define SOURCE_MAX	(64u * 1024)
#define NAME_MAX_LENGTH	40
#define MIGRATION_LAST	9999

/* Where each file goes; its text is renamed by the same rules. */
static const struct {
	const char	*from;
	const char	*to;
} files[] = {
	{ "plugin.c", "plugins/new-plugin/plugin.c" },
	{ "queries.sql", "plugins/new-plugin/queries.sql" },
	{ "README.md", "plugins/new-plugin/README.md" },
	{ "messages/de.yaml", "plugins/new-plugin/messages/de.yaml" },
	{ "messages/de-simple.yaml",
	    "plugins/new-plugin/messages/de-simple.yaml" },
	{ "messages/en.yaml", "plugins/new-plugin/messages/en.yaml" },
	{ "messages/tr.yaml", "plugins/new-plugin/messages/tr.yaml" },
	{ "messages/uk.yaml", "plugins/new-plugin/messages/uk.yaml" },
	{ "app/index.tsx", "plugins/new-plugin/app/index.tsx" },
	{ "app/entries.yaml", "plugins/new-plugin/app/entries.yaml" },
	{ "office/index.tsx", "plugins/new-plugin/office/index.tsx" },
	{ "office/entries.yaml", "plugins/new-plugin/office/entries.yaml" },
	{ "migration.sql", "migrations/0000_new-plugin_entries.sql" },
	{ "test.mjs", "tests/http/new_plugin.test.mjs" },
	{ "isolation.mjs", "tests/isolation/plugins/new-plugin.mjs" },
};

#define FILES	(sizeof(files) / sizeof(*files))

struct names {
	const char	*name;		/* lost-property */
	const char	*identifier;	/* lost_property */
	const char	*title;		/* Lost property */
	const char	*number;	/* 0413 */
};

/* What the platform itself is called in migrations and in the database. */
static const char *const taken[] = { "core", "platform", "public", "stadtkern",
    NULL };

static bool
name_fits(const char *name)
{
	size_t	i;

	for (i = 0; taken[i] != NULL; i++) {
		if (strcmp(name, taken[i]) == 0)
			return (false);
	}
	return (field_format_fits(FIELD_FORMAT_CODE, name) &&
	    strlen(name) <= NAME_MAX_LENGTH && strstr(name, "--") == NULL &&
	    name[strlen(name) - 1] != '-' && strncmp(name, "pg-", 3) != 0);
}

static const char *
name_with(struct arena *arena, const char *name, char instead)
{
	char	*text, *c;

	text = arena_format(arena, "%s", name);
	for (c = text; *c != '\0'; c++) {
		if (*c == '-')
			*c = instead;
	}
	return (text);
}

static const char *
title_of(struct arena *arena, const char *name)
{
	const char	*text;

	text = name_with(arena, name, ' ');
	return (arena_format(arena, "%c%s", *text - 'a' + 'A', text + 1));
}

/* One above the highest there is; NULL: no folder, or none is left. */
static const char *
next_number(struct cli *cli)
{
	struct dirent	*entry;
	DIR		*dir;
	long		 number, highest;

	dir = opendir(arena_format(cli->arena, "%s/migrations",
	    cli->env.home));
	if (dir == NULL)
		return (NULL);
	highest = 0;
	while ((entry = readdir(dir)) != NULL) {
		number = strtol(entry->d_name, NULL, 10);
		if (number > highest)
			highest = number;
	}
	(void)closedir(dir);
	return (highest >= MIGRATION_LAST ? NULL :
	    arena_format(cli->arena, "%04ld", highest + 1));
}

static const char *
replaced(struct arena *arena, const char *text, const char *from,
    const char *to)
{
	struct buf	 buf;
	const char	*at;

	buf_init(&buf, arena, 2 * SOURCE_MAX);
	while ((at = strstr(text, from)) != NULL) {
		buf_add(&buf, text, (size_t)(at - text));
		buf_text(&buf, to);
		text = at + strlen(from);
	}
	buf_text(&buf, text);
	return (buf_finish(&buf, NULL));
}

static const char *
renamed(struct arena *arena, const struct names *names, const char *text)
{
	text = replaced(arena, text, "0000_new-plugin", arena_format(arena,
	    "%s_%s", names->number, names->name));
	text = replaced(arena, text, "new-plugin", names->name);
	text = replaced(arena, text, "new_plugin", names->identifier);
	return (replaced(arena, text, "New plugin", names->title));
}

/* The folders above `path`, which begins in one that is there. */
static void
folders_make(struct arena *arena, const char *path)
{
	char	*text, *slash;

	text = arena_format(arena, "%s", path);
	for (slash = strchr(text + 1, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(text, 0777);	/* open() tells */
		*slash = '/';
	}
}

/* False: `errno` says why. Never writes over what is there. */
static bool
file_write(const char *path, const char *text)
{
	size_t	len;
	ssize_t	done;
	int	fd;

	if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0666)) == -1)
		return (false);
	len = strlen(text);
	done = write(fd, text, len);
	if (close(fd) == 0 && done == (ssize_t)len)
		return (true);
	if (done >= 0 && done < (ssize_t)len)
		errno = ENOSPC;
	(void)unlink(path);
	return (false);
}

static const char *
target_of(struct cli *cli, const struct names *names, size_t i)
{
	return (arena_format(cli->arena, "%s/%s", cli->env.home,
	    renamed(cli->arena, names, files[i].to)));
}

/* All of it is read before anything is written. */
static enum cli_exit
skeleton_write(struct cli *cli, const struct names *names)
{
	const char	*path, *texts[FILES];
	char		*text;
	size_t		 i, len;

	for (i = 0; i < FILES; i++) {
		path = arena_format(cli->arena, "%s/" SKELETON "/%s",
		    cli->env.home, files[i].from);
		if (file_read(cli->arena, path, SOURCE_MAX, &text,
		    &len) != STATUS_OK)
			return (cli_fail("cannot read \"%s\", run this in a "
			    "checkout", path));
		texts[i] = renamed(cli->arena, names, text);
	}
	for (i = 0; i < FILES; i++) {
		path = target_of(cli, names, i);
		folders_make(cli->arena, path);
		if (!file_write(path, texts[i]))
			return (cli_fail("cannot write \"%s\": %s", path,
			    strerror(errno)));
		(void)printf("%s\n", path + strlen(cli->env.home) + 1);
	}
	return (CLI_OK);
}

enum cli_exit
command_plugin_new(struct cli *cli, int argc, char **argv)
{
	struct names	 names;
	size_t		 i;

	if (argc != 1)
		return (cli_usage(cli));
	names.name = argv[0];
	if (!name_fits(argv[0]))
		return (cli_fail("no name for a plugin: \"%s\"; lower-case "
		    "letters, digits and single hyphens, at most %d, like "
		    "lost-property", argv[0], NAME_MAX_LENGTH));
	names.identifier = name_with(cli->arena, argv[0], '_');
	names.title = title_of(cli->arena, argv[0]);
	if ((names.number = next_number(cli)) == NULL)
		return (cli_fail("no number for a migration in \"%s/"
		    "migrations\"", cli->env.home));
	if (access(arena_format(cli->arena, "%s/plugins/%s", cli->env.home,
	    argv[0]), F_OK) == 0)
		return (cli_fail("there is a plugin \"%s\" already", argv[0]));
	for (i = 0; i < FILES; i++) {
		if (access(target_of(cli, &names, i), F_OK) == 0)
			return (cli_fail("is there already: \"%s\"",
			    target_of(cli, &names, i)));
	}
	if (skeleton_write(cli, &names) != CLI_OK)
		return (CLI_FAILED);
	(void)printf("\nNext: write \"  %s:\" below \"plugins:\" in a city's "
	    "file, then make run, or\nONLY=%s make test; docs/plugins.md says "
	    "what a plugin can be.\n", argv[0], names.identifier);
	return (CLI_OK);
}
