/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether all that stands on something can be told from it. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/theme/theme_tokens.h"

/* A pair in one mode: what stands, and what it stands on. */
struct pair {
	size_t			 front;
	size_t			 ground;
	enum token_mode		 mode;
	const struct theme_value *of_front;
	const struct theme_value *of_ground;
	double			 ratio;
};

typedef void	(*pair_take)(void *, const struct theme_tokens *,
		    const struct pair *);

static bool
pair_read(const struct theme_tokens *all, size_t front, size_t ground,
    enum token_mode mode, struct pair *pair)
{
	pair->front = front;
	pair->ground = ground;
	pair->mode = mode;
	pair->of_front = &all->values[front][mode];
	pair->of_ground = &all->values[ground][mode];
	/* Where neither is written, the semantic pair says the same. */
	if (tokens[front].layer == TOKEN_COMPONENT &&
	    pair->of_front->otherwise && pair->of_ground->otherwise)
		return (false);
	pair->ratio = colour_contrast(pair->of_front->colour,
	    pair->of_ground->colour);
	return (pair->ratio < tokens[front].least);
}

/* All pairs that have too little. */
static void
pairs_walk(const struct theme_tokens *all, pair_take take, void *arg)
{
	struct pair	 pair;
	size_t		 front, i, ground, mode;

	for (front = 0; front < tokens_count; front++) {
		for (i = 0; i < TOKEN_GROUNDS &&
		    tokens[front].grounds[i] != NULL; i++) {
			ground = token_find(tokens[front].layer,
			    tokens[front].grounds[i]);
			for (mode = 0; mode < TOKEN_MODES; mode++)
				if (pair_read(all, front, ground,
				    (enum token_mode)mode, &pair))
					take(arg, all, &pair);
		}
	}
}

/* Whoever wrote the nearer one did it knowing the other. */
static bool
pair_blames_ground(const struct pair *pair)
{
	return (pair->of_ground->level < pair->of_front->level);
}

static const char *
value_at(const struct theme_tokens *all, const struct theme_value *value)
{
	char	 text[COLOUR_TEXT];

	colour_write(value->colour, text);
	return (arena_format(all->chain->arena, "%s (%s%s)", text,
	    value->derived ? "derived from " : "",
	    theme_chain_at(all->chain, value->node)));
}

static void
pair_finding(void *arg, const struct theme_tokens *all,
    const struct pair *pair)
{
	struct arena		*arena = all->chain->arena;
	const struct token	*token;

	(void)arg;
	token = &tokens[pair_blames_ground(pair) ? pair->ground :
	    pair->front];
	node_finding(all->chain->findings, pair_blames_ground(pair) ?
	    pair->of_ground->node : pair->of_front->node,
	    arena_format(arena, "/%s/%s", token_layer_text(token->layer),
	    token->name), FINDING_CONTRAST, arena_format(arena,
	    "%s, %s %s on %s %s is %.2f:1, needed is %.1f:1",
	    token_mode_text(pair->mode), tokens[pair->front].name,
	    value_at(all, pair->of_front), tokens[pair->ground].name,
	    value_at(all, pair->of_ground),
	    /* 4.499 is not to be read as 4.50. */
	    (double)(long)(pair->ratio * 100) / 100,
	    tokens[pair->front].least));
}

enum status
theme_tokens_check(const struct theme_tokens *all)
{
	size_t	 before;

	before = all->chain->findings->count;
	pairs_walk(all, pair_finding, NULL);
	return (all->chain->findings->count == before ? STATUS_OK :
	    STATUS_INVALID);
}

struct fixing {
	size_t			 count;
	struct theme_proposal	*proposals;
};

static size_t
demands_add(const struct theme_tokens *all, size_t front, size_t ground,
    size_t index, enum token_mode mode, struct colour_demand *demands)
{
	demands->least = tokens[front].least;
	demands->from = all->values[index == front ? ground : front]
	    [mode].colour;
	return (1);
}

/* All that one token's value has to stand out from. */
static size_t
demands_of(const struct theme_tokens *all, size_t index,
    enum token_mode mode, struct colour_demand *demands)
{
	size_t	 count, front, i, ground;

	count = 0;
	for (front = 0; front < tokens_count; front++) {
		for (i = 0; i < TOKEN_GROUNDS &&
		    tokens[front].grounds[i] != NULL; i++) {
			ground = token_find(tokens[front].layer,
			    tokens[front].grounds[i]);
			if (front == index || ground == index)
				count += demands_add(all, front, ground,
				    index, mode, &demands[count]);
		}
	}
	return (count);
}

static void
pair_fix(void *arg, const struct theme_tokens *all, const struct pair *pair)
{
	const struct theme_value	*value;
	struct theme_proposal		*proposal;
	struct colour_demand		*demands;
	struct fixing			*fixing = arg;
	size_t				 index, i, count;

	index = pair_blames_ground(pair) ? pair->ground : pair->front;
	value = &all->values[index][pair->mode];
	for (i = 0; i < fixing->count; i++)
		if (fixing->proposals[i].token == &tokens[index] &&
		    fixing->proposals[i].mode == pair->mode)
			return;
	proposal = &fixing->proposals[fixing->count++];
	proposal->node = value->node;
	proposal->token = &tokens[index];
	proposal->mode = pair->mode;
	proposal->now = value->colour;
	demands = arena_alloc(all->chain->arena,
	    tokens_count * TOKEN_GROUNDS * sizeof(*demands));
	count = demands_of(all, index, pair->mode, demands);
	proposal->found = colour_nearest(value->colour, demands, count,
	    &proposal->instead);
}

size_t
theme_tokens_fix(const struct theme_tokens *all,
    struct theme_proposal **proposals)
{
	struct fixing	 fixing = { .count = 0 };

	fixing.proposals = arena_alloc(all->chain->arena,
	    tokens_count * TOKEN_MODES * sizeof(*fixing.proposals));
	pairs_walk(all, pair_fix, &fixing);
	*proposals = fixing.proposals;
	return (fixing.count);
}
