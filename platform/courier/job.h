/* SPDX-License-Identifier: EUPL-1.2 */
/* One job: what it is, and how each kind is done. */
#ifndef COURIER_JOB_H
#define COURIER_JOB_H

#include "courier/part.h"

#define JOB_ATTEMPTS	8
#define JOB_LEASE	300	/* seconds; above the longest job's limit */

struct job {
	int32_t			 tenant;
	const char		*id;
	const char		*kind;
	const char		*lease;
	const struct node	*payload;
	struct bytes		 sealed;
	int64_t			 created;	/* seconds since 1970 */
	const char		*reason;	/* why it failed: a code, never
						   anything of a person */
};

struct worker {
	struct part		*part;
	bool			 pictures;	/* takes these alone, or none */
	const struct keys	*keys;
	struct arena		*arena;		/* of the job at hand */
};

/*
 * Each does the job and finishes it in the transaction of its effect.
 * STATUS_IO: later again; STATUS_REFUSED: never again (job->reason set in
 * both cases); STATUS_DATABASE: the connection went, or the lease did.
 */
enum status	job_image(struct worker *worker, struct job *job);
enum status	job_mail(struct worker *worker, struct job *job);
enum status	job_oidc(struct worker *worker, struct job *job);

/* Inside a transaction: done, if the lease is still ours. */
enum status	job_finish(struct worker *worker, const struct job *job);

/* A string member of the payload, or NULL. */
const char	*job_text(const struct job *job, const char *name);

/* The plugin's statement that the payload names under `which`; NULL: none. */
const struct statement *job_statement(const struct worker *worker,
		    const struct job *job, const char *which);

#endif
