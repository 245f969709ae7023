// SPDX-License-Identifier: EUPL-1.2
// Errors that a citizen is told about. Each is a message key; what else is
// known goes along.

import type { Translate, Values } from "./module.ts";

export class AppError extends Error {
	readonly key: string;
	readonly values: Values;

	constructor(key: string, values: Values = {}) {
		super(key);
		this.key = key;
		this.values = values;
	}
}

export interface FieldError {
	pointer: string;
	code: string;
	message: string;
}

export type ApiKind = "offline" | "timeout" | "unavailable" | "garbled" |
    "problem";

// An answer that was none, or was problem+json (docs/api.md, "Errors").
export class ApiError extends AppError {
	readonly kind: ApiKind;
	readonly status: number;
	// The problem's code, for the program; "" where there was no problem.
	readonly code: string;
	// The problem's sentence, in the language of the request.
	readonly title: string;
	readonly errors: FieldError[];
	readonly members: Record<string, unknown>;
	// Seconds.
	readonly retryAfter: number | null;

	constructor(kind: ApiKind, status = 0, members: Record<string, unknown> =
	    {}, retryAfter: number | null = null) {
		super(`app.error.${kind}`);
		this.kind = kind;
		this.status = status;
		this.code = typeof members.code === "string" ? members.code : "";
		this.title = typeof members.title === "string" ? members.title : "";
		this.errors = Array.isArray(members.errors) ?
		    members.errors as FieldError[] : [];
		this.members = members;
		this.retryAfter = retryAfter;
	}
}

// The sentence for an error of any kind.
export function errorText(error: unknown, t: Translate): string {
	if (error instanceof ApiError && error.title !== "")
		return error.title;
	if (error instanceof AppError)
		return t(error.key, error.values);
	return t("app.error.unexpected");
}

// What IndexedDB, caches and locks throw, as an error with a message.
export function storageError(error: unknown): unknown {
	if (!(error instanceof DOMException))
		return error;
	if (error.name === "QuotaExceededError")
		return new AppError("app.error.storage-full");
	return new AppError("app.error.storage");
}
