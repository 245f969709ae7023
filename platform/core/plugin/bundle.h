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

/*
 * The start page as it looks before the script is there: HTML in pieces, in
 * which {{name}} stands for another piece, a picture, or a text by its key.
 */
struct bundle_first {
	const char	*frame;		/* around it all: {{main}} */
	const char	*tiles;		/* layout `tiles`: {{slots}} */
	const char	*list;		/* layout `list`: {{slots}}, {{hero}} */
	const char	*grid;		/* of tiles: {{actions}} */
	const char	*slot;		/* {{slot}}: its name, {{cards}} */
	const struct node *texts;	/* map: language to key to text */
};

/* What a plugin has on it; {{title}} is the plugin's. */
struct bundle_first_plugin {
	const char	*tiles;		/* "": none; so are the rows */
	const char	*rows;		/* the same in layout `list` */
	const struct node *cards;	/* map: slot to HTML */
	const struct node *texts;	/* as above, with German */
};

/* Paths of files, but for .first. */
struct bundle_shell {
	const char	*script;
	const char	*style;
	LIST_OF(const char *) preload;	/* modules that .script imports */
	const struct node *messages;	/* map: language to path */
	struct bundle_first first;	/* .frame NULL: none */
};

struct bundle_plugin {
	const char	*name;
	const char	*module;
	const char	*style;		/* NULL: none */
	const struct node *messages;
	const struct node *entries;	/* what the shell shows before the
					   module is loaded; passed through */
	struct bundle_first_plugin first;
};

struct bundle {
	LIST_OF(struct bundle_file) files;
	LIST_OF(const char *) served;	/* the server's own, not the app's,
					   each with all that lies below */
	struct bundle_shell shell;
	LIST_OF(struct bundle_plugin) plugins;
};

/*
 * Reads <dir>/files.json into `arena`. STATUS_NOT_FOUND: there is no such
 * folder, so no app was built. STATUS_INVALID: the findings say what is wrong
 * with it, all of it: what the tables refuse, a path that is neither
 * /service-worker.js nor below /assets/, two files with one path, a reference
 * to a path that no file has, a served path that does not begin with a slash.
 */
enum status	 bundle_read(struct arena *arena, const char *dir,
		    struct bundle **bundle, struct findings *findings);

/* Whether the app is asked for under this path; the rest are files, the
 * interface and what else the server has of its own. */
bool		 bundle_has_page(const struct bundle *bundle, const char *path);

/* What is there of a plugin, NULL: nothing. `bundle` may be NULL. */
const struct bundle_plugin *bundle_plugin(const struct bundle *bundle,
		    const char *name);

#endif
