/* SPDX-License-Identifier: EUPL-1.2 */
/* Batches one behind the other: sent on a link, or in a lane's line. */
#ifndef DB_QUEUE_H
#define DB_QUEUE_H

#include "db/pool.h"

struct queue {
	struct batch	*first;
	struct batch	**last;
	size_t		 count;
};

/* Those that wait for a link of a lane that takes one at a time. */
struct line {
	struct queue	 queue;
	size_t		 reads;		/* of them */
};

void		 queue_init(struct queue *queue);
void		 queue_put(struct queue *queue, struct batch *batch);
struct batch	*queue_take(struct queue *queue);	/* NULL: empty */

void		 line_init(struct line *line);
void		 line_put(struct line *line, struct batch *batch);
struct batch	*line_take(struct line *line);

/* Takes out one that waits behind others; false: it is not in it. */
bool		 line_drop(struct line *line, struct batch *batch);

/* What only reads may take half of the places. */
bool		 line_is_full(const struct line *line,
		    const struct batch *batch);

#endif
