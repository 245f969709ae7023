/* SPDX-License-Identifier: EUPL-1.2 */
/* A folder of a test's own, and files in it. Run from the top folder. */
#ifndef UNIT_FOLDER_H
#define UNIT_FOLDER_H

#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stadtkern/arena.h>

/* NULL when it cannot be made. */
static inline char *
folder_new(struct arena *arena)
{
	const char	*base = getenv("TMPDIR");

	return (mkdtemp(arena_format(arena, "%s/stadtkern-test-XXXXXX",
	    base != NULL ? base : "/tmp")));
}

static inline int
folder_drop_entry(const char *path, const struct stat *st, int flag,
    struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	return (remove(path));
}

static inline void
folder_free(const char *path)
{
	(void)nftw(path, folder_drop_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static inline bool
folder_write(const char *path, const char *text)
{
	FILE	*file;
	bool	 done;

	if ((file = fopen(path, "w")) == NULL)
		return (false);
	done = fputs(text, file) != EOF;
	return (fclose(file) == 0 && done);
}

/* The text of a file, or NULL. */
static inline char *
folder_read(struct arena *arena, const char *path)
{
	char	 text[65536];
	FILE	*file;
	size_t	 len;

	if ((file = fopen(path, "r")) == NULL)
		return (NULL);
	len = fread(text, 1, sizeof(text), file);
	(void)fclose(file);
	return (arena_copy(arena, text, len));
}

/* Runs a program and waits for it; whether it ended well. */
static inline bool
folder_run(const char *const *argv)
{
	pid_t	pid;
	int	status;

	if ((pid = fork()) == 0) {
		(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	return (pid != -1 && waitpid(pid, &status, 0) == pid &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

#endif
