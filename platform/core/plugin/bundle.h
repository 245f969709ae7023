/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The built citizens' app, as its builder describes it in files.json: which
 * files there are and under which path each is served, what a page needs to
 * start, and what of it belongs to which plugin. Their bytes are the server's
 * matter (web/assets.h).
 */
#ifndef CORE_BUNDLE_H
#define CORE_BUNDLE_H

#include <stadtkern/field.h>

#define BUNDLE_FILES_MAX	5000

struct bundle_file {
	const char	*path;		/* /assets/shell-5K2X.js */
	const char	*file;		/* below the bundle's folder */
	const char	*type;		/* media type, with its charset */
	bool		 gzip;		/* <file>.gz is there as well */
	bool		 brotli;	/* <file>.br is there as well */
	bool		 immutable;	/* the path changes with the content */
};

/* All of them paths of files. */
struct bundle_shell {
	const char	*script;
	const char	*style;
	LIST_OF(const char *) preload;	/* modules that .script imports */
	const struct node *messages;	/* map: language to path */
};

struct bundle_plugin {
	const char	*name;
	const char	*module;
	const char	*style;		/* NULL: none */
	const struct node *messages;
	const struct node *entries;	/* what the shell shows before the
					   module is loaded; passed through */
};

struct bundle {
	LIST_OF(struct bundle_file) files;
	struct bundle_shell shell;
	LIST_OF(struct bundle_plugin) plugins;
};

/*
 * Reads <dir>/files.json into `arena`. STATUS_NOT_FOUND: there is no such
 * folder, so no app was built. STATUS_INVALID: the findings say what is wrong
 * with it, all of it: what the tables refuse, a path that is neither
 * /service-worker.js nor below /assets/, two files with one path, a reference
 * to a path that no file has.
 */
enum status	 bundle_read(struct arena *arena, const char *dir,
		    struct bundle **bundle, struct findings *findings);

/* What is there of a plugin, NULL: nothing. `bundle` may be NULL. */
const struct bundle_plugin *bundle_plugin(const struct bundle *bundle,
		    const char *name);

#endif
