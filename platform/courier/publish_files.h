/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The files that are published with a tenant (theme_read()'s `publish`),
 * ready for the database: packed, and the pictures drawn. The command line
 * calls this too.
 */
#ifndef COURIER_PUBLISH_FILES_H
#define COURIER_PUBLISH_FILES_H

#include <stadtkern/finding.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>

/* Names of all the document's files, as a JSON list, from `arena`. */
const char	*publish_files_names(struct arena *arena,
		    const struct node *document);

/*
 * Of those the ones that `missing` (a JSON list of names) has, as
 * tenant_files_publish() takes them: JSON, from `arena`. Nothing is drawn
 * unless a picture is missing. STATUS_INVALID: the emblem cannot be drawn,
 * which is a finding; STATUS_IO: the sandbox failed, try again later.
 */
enum status	 publish_files_make(struct arena *arena,
		    const struct node *document, const char *missing,
		    const char **files, struct findings *findings);

#endif
