/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The head of an HTTP/1 request, read strictly (RFC 9112).
 *
 * A patch makes Kore call this instead of its own splitting; nothing here
 * knows Kore, so that tests and the fuzzer can link it alone.
 */
#ifndef STADTKERN_WEB_KORE_HEAD_H
#define STADTKERN_WEB_KORE_HEAD_H

#include <stddef.h>
#include <stdint.h>

/* Header fields of one request, Host included; one more is answered 431. */
#define HTTP_HEAD_FIELDS_MAX	100

/* Bytes of a request target; longer ones are answered 414. */
#define HTTP_HEAD_TARGET_MAX	8000

/* What http_head_parse() returns besides an HTTP status from 400 on. */
enum http_head_state {
	HTTP_HEAD_MORE = 0,
	HTTP_HEAD_DONE = 1
};

struct http_head_field {
	char	*name;		/* as sent; compare without regard to case */
	char	*value;		/* blanks around it removed; may be empty */
};

/*
 * All strings lie in the buffer given to http_head_parse(), end in NUL and
 * live as long as it does. Values may hold bytes from 0x80 on, in no
 * particular encoding.
 */
struct http_head {
	char			*method;
	char			*target;	/* origin form, or "*" */
	char			*version;	/* HTTP/1.0 or HTTP/1.1 */
	char			*host;		/* host[:port], as sent */
	struct http_head_field	 fields[HTTP_HEAD_FIELDS_MAX];
	size_t			 nfields;
	size_t			 length;	/* bytes, blank line included */
	size_t			 content_length; /* bytes; 0 without a body */
	int			 close;		/* no request follows this */
	int			 expect_continue;
};

/*
 * Reads the head at the start of buf, of which len bytes have arrived and
 * which can never hold more than size. Call it again with the same buffer
 * whenever more has arrived.
 *
 * HTTP_HEAD_MORE: nothing wrong so far, incomplete, buf unchanged.
 * HTTP_HEAD_DONE: *head is filled in and buf was cut into strings.
 * 400 ...: the status to refuse the request with, as soon as it can be known;
 *     the connection has to be closed. Neither *head nor buf may be used.
 *
 * Refused, although RFC 9112 lets a server accept it: bare LF (2.2), empty
 * lines before the request (2.2), the absolute form (3.2.2), any
 * Transfer-Encoding (6.1), a repeated Content-Length (6.3), and a body
 * where the method gives it no meaning (RFC 9110, 9.3).
 */
int	http_head_parse(char *buf, size_t len, size_t size,
	    struct http_head *head);

#endif
