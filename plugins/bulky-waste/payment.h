/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How a fee is paid: an interface, and who implements it.
 *
 * A provider is a line of PAYMENTS. Its name is a value of the setting
 * `payment`, is kept with each booking that is made while it is set, and stays
 * that booking's provider, whatever is set later. What a booking owes is
 * decided in the transaction that books, changes or cancels it (migrations),
 * in cents, 0 once it is cancelled; no provider has a say in that, and none can
 * make a booking fail. The reference of a payment is the booking's number.
 *
 * `invoice` is the one that there is: the fee stands in the confirmation and in
 * the company's file (bookings.csv), with name and address, and the company
 * sends an invoice as it does for everything else. Nothing has to be done.
 */
#ifndef BULKY_WASTE_PAYMENT_H
#define BULKY_WASTE_PAYMENT_H

#include <stadtkern/plugin.h>

struct payment {
	const char	*name;
	/*
	 * One sentence for the confirmation: how fees are paid, in the
	 * language of the request. It is written before the fee is known, and
	 * so true where nothing is owed. From the exchange's arena; NULL is
	 * an error (STATUS_LIMIT) and nothing is booked.
	 */
	const char	*(*says)(struct exchange *exchange);
	/*
	 * Servers talk to nobody: what has to be done elsewhere is a job of
	 * the courier's. A job of this kind is put in the transaction in which
	 * what a booking owes changes, once for each change: {"plugin",
	 * "booking" (uuid), "number", "version", "language", "before", "owed"},
	 * both in cents; `owed` below `before` is to be given back. The box is
	 * the booking's letter. The courier repeats a job that failed, so that
	 * `booking` and `version` are what the provider is asked with not to do
	 * it twice. NULL: nothing has to be done.
	 */
	const char	*job;
};

/* name, says, job */
#define PAYMENTS(X)							\
	X("invoice", invoice_says, NULL)

extern const struct payment	payments[];	/* .name NULL: the end */

/* The provider of this name, which is one of PAYMENTS. */
const struct payment	*payment_find(const char *name);

#endif
