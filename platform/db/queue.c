/* SPDX-License-Identifier: EUPL-1.2 */
/* Steps of a batch; batches one behind the other. */

#include <assert.h>

#include "db/queue.h"

#define WAITING_MAX		64	/* each may hold a body */
#define WAITING_READS_MAX	32	/* of them */

void
step_text(struct batch_step *step, const char *text)
{
	assert(step->count < BATCH_PARAMETERS_MAX);
	step->values[step->count++] = text;
}

void
step_bytes(struct batch_step *step, const void *bytes, size_t len)
{
	assert(step->count < BATCH_PARAMETERS_MAX);
	step->lengths[step->count] = (int)len;
	step->formats[step->count] = 1;
	step->values[step->count++] = bytes;
}

void
queue_init(struct queue *queue)
{
	queue->first = NULL;
	queue->last = &queue->first;
	queue->count = 0;
}

void
queue_put(struct queue *queue, struct batch *batch)
{
	batch->next = NULL;
	*queue->last = batch;
	queue->last = &batch->next;
	queue->count++;
}

struct batch *
queue_take(struct queue *queue)
{
	struct batch	*batch;

	if ((batch = queue->first) == NULL)
		return (NULL);
	if ((queue->first = batch->next) == NULL)
		queue->last = &queue->first;
	queue->count--;
	return (batch);
}

void
line_init(struct line *line)
{
	queue_init(&line->queue);
	line->reads = 0;
}

void
line_put(struct line *line, struct batch *batch)
{
	if (batch->reads)
		line->reads++;
	queue_put(&line->queue, batch);
}

struct batch *
line_take(struct line *line)
{
	struct batch	*batch;

	if ((batch = queue_take(&line->queue)) != NULL && batch->reads)
		line->reads--;
	return (batch);
}

bool
line_drop(struct line *line, struct batch *batch)
{
	struct batch	**at;

	for (at = &line->queue.first; *at != NULL; at = &(*at)->next) {
		if (*at != batch)
			continue;
		if ((*at = batch->next) == NULL)
			line->queue.last = at;
		line->queue.count--;
		if (batch->reads)
			line->reads--;
		return (true);
	}
	return (false);
}

bool
line_is_full(const struct line *line, const struct batch *batch)
{
	return (line->queue.count >= WAITING_MAX ||
	    (batch->reads && line->reads >= WAITING_READS_MAX));
}
