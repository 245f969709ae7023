/* SPDX-License-Identifier: EUPL-1.2 */
/* The tokens of a theme with their final values. */
#ifndef CORE_THEME_TOKENS_H
#define CORE_THEME_TOKENS_H

#include "core/theme/colour.h"
#include "core/theme/theme_chain.h"
#include "core/theme/token.h"

struct theme_value {
	const struct node	*node;	/* what set it; NULL: the table */
	size_t			 level;	/* whose file that is */
	const char		*text;	/* the literal */
	struct colour		 colour;
	bool			 derived;	/* high contrast, not written */
	bool			 otherwise;	/* no theme writes the token */
};

struct theme_tokens {
	const struct theme_chain *chain;
	/* tokens_count of them */
	struct theme_value	(*values)[TOKEN_MODES];
};

/*
 * Finds each token's value in each mode: that of the nearest theme that
 * writes it, references followed. One value stands for light and dark; a map
 * has a value for each mode it names. High contrast that is not written
 * nearer than the light value is that value, moved as far as needed for 7:1.
 * Findings: an unknown token, a reference to nothing, in a circle or to a
 * higher layer, a literal of the wrong form, a token nobody sets.
 */
enum status	 theme_tokens_read(const struct theme_chain *chain,
		    struct theme_tokens *theme_tokens);

/*
 * Every pair of the table in every mode; a finding at whichever of the two
 * values the nearer theme set, which names both.
 */
enum status	 theme_tokens_check(const struct theme_tokens *theme_tokens);

/* A value that is to be changed so that all pairs have contrast. */
struct theme_proposal {
	const struct node	*node;		/* where it is written */
	const struct token	*token;
	enum token_mode		 mode;
	struct colour		 now;
	bool			 found;
	struct colour		 instead;	/* if found */
};

/*
 * For each pair that theme_tokens_check() refuses, the nearest shade of the
 * value that it names which passes all pairs it is part of. `*proposals` is
 * from the chain's arena.
 */
size_t		 theme_tokens_fix(const struct theme_tokens *theme_tokens,
		    struct theme_proposal **proposals);

/* The value of a token of the table, which has it. */
const struct theme_value *theme_tokens_value(
		    const struct theme_tokens *theme_tokens,
		    enum token_layer layer, const char *name,
		    enum token_mode mode);

#endif
