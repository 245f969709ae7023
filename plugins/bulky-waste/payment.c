/* SPDX-License-Identifier: EUPL-1.2 */
/* Providers of payments. */

#include <string.h>

#include "payment.h"
#include "settings.h"

#define SENTENCE_MAX	1024

static const char *
invoice_says(struct exchange *exchange)
{
	const struct settings	*settings = exchange_settings(exchange);
	struct json		 json;

	json_init(&json, exchange_arena(exchange), SENTENCE_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "operator", settings->operator);
	json_close(&json);

	return (exchange_text(exchange, "payment.invoice",
	    json_finish(&json, NULL)));
}

#define ENTRY(name, says, job)	{ name, says, job },
const struct payment payments[] = { PAYMENTS(ENTRY) { NULL, NULL, NULL } };

const struct payment *
payment_find(const char *name)
{
	const struct payment	*payment;

	for (payment = payments; payment->name != NULL; payment++) {
		if (strcmp(payment->name, name) == 0)
			return (payment);
	}

	return (NULL);
}
