/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rows of a :csv statement on their way: from libpq into a piece, the
 * piece into Kore's hands as a chunk (RFC 9112, 7.1), and no further row until
 * the caller has taken it. So a worker holds one piece and what libpq has read,
 * however many rows there are and however slow their reader is; PostgreSQL
 * waits at its socket.
 *
 * The file is whole when its last chunk is there, which is sent after the
 * commit. What fails before that ends the connection.
 */

#include <string.h>

#include "core/exchange/csv.h"
#include "core/log.h"
#include "web/respond.h"
#include "web/serve_state.h"
#include "web/worker.h"

#define PIECE_BYTES	32768	/* then it is sent */
#define PIECE_MAX	(16u << 20)	/* with the last row */
#define CHUNK_HEAD	"00000000\r\n"
#define CHUNK_END	"0\r\n\r\n"

struct stream {
	struct arena	*arena;		/* the piece's; NULL: none is begun */
	struct buf	 piece;
	bool		 begun;		/* its head was sent */
	bool		 sending;	/* a piece is in Kore's hands */
	bool		 flushing;	/* and that is being tried now */
	bool		 over;		/* the last piece is made */
	bool		 broken;
};

static bool
stream_has_reader(const struct serve *serve)
{
	return (serve->req != NULL && serve->req->owner != NULL &&
	    serve->req->owner->state != CONN_STATE_DISCONNECTING);
}

static void
piece_begin(struct stream *stream)
{
	if (stream->arena != NULL)
		return;
	stream->arena = arena_new(2 * PIECE_BYTES);
	buf_init(&stream->piece, stream->arena, PIECE_MAX);
	(void)buf_room(&stream->piece, PIECE_BYTES + PIECE_BYTES / 2);
	buf_text(&stream->piece, CHUNK_HEAD);
}

/* Kore has sent it, or will not any more. */
static int
piece_sent(struct netbuf *nb)
{
	struct serve	*serve;
	struct stream	*stream;

	serve = nb->extra;
	stream = serve->stream;
	arena_free(stream->arena);
	stream->arena = NULL;
	stream->sending = false;
	if (!stream->flushing && serve->req != NULL)
		http_request_wakeup(serve->req);
	return (KORE_RESULT_OK);
}

static void
piece_send(struct serve *serve)
{
	struct connection	*c;
	struct stream		*stream;
	struct netbuf		*nb;
	struct buf		*piece;
	char			 head[sizeof(CHUNK_HEAD)];

	stream = serve->stream;
	piece = &stream->piece;
	piece_begin(stream);
	if (piece->len == strlen(CHUNK_HEAD))
		piece->len = 0;		/* a chunk of no bytes is the last */
	else {
		(void)snprintf(head, sizeof(head), "%08x\r\n",
		    (unsigned int)(piece->len - strlen(CHUNK_HEAD)));
		memcpy(piece->data, head, strlen(CHUNK_HEAD));
		buf_text(piece, "\r\n");
	}
	if (stream->over)
		buf_text(piece, CHUNK_END);
	c = serve->req->owner;
	stream->sending = stream->flushing = true;
	net_send_stream(c, piece->data, piece->len, piece_sent, &nb);
	nb->extra = serve;
	if (!net_send_flush(c))
		kore_connection_disconnect(c);
	stream->flushing = false;
}

/* The head is sent when the statement has begun to answer: until then it can
 * still be refused. */
static enum batch_flow
stream_begin(struct serve *serve, const PGresult *result)
{
	struct exchange	*x;
	struct row	 row;

	x = &serve->exchange;
	piece_begin(serve->stream);
	serve_row(serve->stream->arena, result, -1, &row);
	if (csv_head(x, &row, &serve->stream->piece) != STATUS_OK) {
		exchange_problem(x, 500, "internal", NULL);
		return (BATCH_STOP);
	}
	serve->stream->begun = true;
	respond_stream(serve->req, x, CSV_MEDIA_TYPE, csv_name(x));
	/* The head is all that was asked for. */
	return (serve->req->method == HTTP_METHOD_HEAD ? BATCH_STOP :
	    BATCH_MORE);
}

static enum batch_flow
stream_row(struct batch *batch, const PGresult *result)
{
	struct serve	*serve;
	struct stream	*stream;
	struct row	 row;

	serve = batch->argument;
	stream = serve->stream;
	if (!stream_has_reader(serve))
		return (BATCH_STOP);
	if (!stream->begun && stream_begin(serve, result) == BATCH_STOP)
		return (BATCH_STOP);
	if (PQntuples(result) == 0)
		return (BATCH_MORE);
	piece_begin(stream);
	serve_row(stream->arena, result, 0, &row);
	if (csv_row(&serve->exchange, &row, &stream->piece) != STATUS_OK)
		return (BATCH_STOP);
	if (stream->piece.len < PIECE_BYTES)
		return (BATCH_MORE);
	piece_send(serve);
	return (stream->sending ? BATCH_PAUSE : BATCH_MORE);
}

void
serve_stream(struct serve *serve)
{
	if (serve->stream == NULL)
		serve->stream = arena_alloc(serve->exchange.arena,
		    sizeof(*serve->stream));
	serve->batch.lane = POOL_STREAM;
	serve->batch.row = stream_row;
}

void
serve_stream_audit(struct serve *serve)
{
	struct batch	*batch;
	int		 before;

	batch = &serve->batch;
	before = batch->step_count;
	serve_step_audit(serve);
	if (batch->step_count == before)
		return;
	batch->steps[before].commit = true;
	serve_step_enter(serve);
}

/* A piece that nobody sends. */
static void
piece_drop(struct stream *stream)
{
	if (stream->sending)
		return;
	arena_free(stream->arena);
	stream->arena = NULL;
}

bool
serve_stream_done(struct serve *serve, enum batch_outcome outcome)
{
	struct stream	*stream;

	stream = serve->stream;
	if (!stream_has_reader(serve))
		stream->broken = true;
	else if (!stream->begun) {
		piece_drop(stream);
		if (serve->exchange.status == 0)
			return (false);
	} else if (serve->req->method == HTTP_METHOD_HEAD)
		stream->over = true;
	else if (outcome == BATCH_DONE) {
		stream->over = true;
		piece_send(serve);
	} else {
		log_event(LOG_LEVEL_ERROR, "stream broken off",
		    "tenant=%s statement=\"%s\" sqlstate=%s",
		    serve->exchange.tenant->slug, serve->match.run->prepared,
		    outcome == BATCH_FAILED ? serve->batch.sqlstate : "-");
		stream->broken = true;
	}
	if (stream->broken || outcome != BATCH_DONE)
		piece_drop(stream);
	serve->busy = false;
	if (!stream->sending)
		serve_wake(serve);
	return (true);
}

int
serve_stream_wake(struct serve *serve)
{
	struct stream	*stream;

	stream = serve->stream;
	if (serve->busy && !stream->sending)
		pool_resume(worker_state.pool, &serve->batch);
	if (stream->over && !stream->sending && !stream->broken) {
		serve->req->owner->flags |= CONN_CLOSE_EMPTY;
		return (KORE_RESULT_OK);
	}
	if (stream->broken)
		kore_connection_disconnect(serve->req->owner);
	/* Until Kore has sent a piece, or dropped it with the connection. */
	http_request_sleep(serve->req);
	return (KORE_RESULT_RETRY);
}
