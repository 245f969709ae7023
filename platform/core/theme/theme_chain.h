/* SPDX-License-Identifier: EUPL-1.2 */
/* A theme's file and those of the themes it stands on, nearest first. */
#ifndef CORE_THEME_CHAIN_H
#define CORE_THEME_CHAIN_H

#include <stadtkern/field.h>
#include <stadtkern/finding.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>

#define THEME_FONTS_MAX		12
#define THEME_FONT_BYTES	(120u * 1024)	/* of all fonts of a theme */
#define THEME_HERO_BYTES	(100u * 1024)

struct theme_font {
	const char	*family;	/* Fira Sans */
	const char	*file;		/* fonts/fira-sans.woff2 */
	const char	*weight;	/* 400, or 400 600 */
	const char	*range;		/* U+0000-00FF, …; NULL: all */
};

/* themes/<code>/theme.yaml as it is written. */
struct theme_file {
	const char	*name;
	const char	*extends;
	const char	*from;		/* an event's first and last day */
	const char	*until;
	const char	*layout;
	const char	*logo;
	const char	*hero;
	LIST_OF(const char *) order;
	LIST_OF(struct theme_font) fonts;
	const struct node *words;
	const struct node *primitive;
	const struct node *semantic;
	const struct node *component;
};

extern const struct field theme_file_fields[];

/* Cards of the start page, NULL-terminated, in the order of the base theme. */
extern const char *const theme_cards[];

struct theme_level {
	const char		*code;	/* the folder */
	const struct node	*node;
	struct theme_file	 file;
};

struct theme_chain {
	struct arena		*arena;
	const char		*home;
	struct findings		*findings;
	size_t			 count;
	size_t			 cap;
	struct theme_level	*levels;
};

/*
 * Reads the theme that `reference` names and all below it. Findings: no such
 * theme, a circle, whatever the table refuses. `chain` has arena, home and
 * findings set. STATUS_INVALID when anything was found.
 */
enum status	 theme_chain_read(struct theme_chain *chain,
		    const struct node *reference, const char *pointer);

/* The nearest theme's member of that name; NULL: none writes it. */
const struct node *theme_chain_member(const struct theme_chain *chain,
		    const char *name, size_t *level);

/*
 * The file that `node`, of the level's theme.yaml, names, read whole.
 * Findings: it is not there, or too large.
 */
enum status	 theme_chain_file(const struct theme_chain *chain,
		    size_t level, const struct node *node,
		    const char *pointer, size_t max, struct bytes *content);

/* "themes/herne/theme.yaml:12:14"; "" where a node is of no file. */
const char	*theme_chain_at(const struct theme_chain *chain,
		    const struct node *node);

#endif
