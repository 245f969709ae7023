// SPDX-License-Identifier: EUPL-1.2
// Passkeys, between our routes and the browser: the options as JSON (WebAuthn
// Level 3, 5.1.8 and 5.1.9), the answers in base64url.

import { AppError } from "../../app/src/errors.ts";

function bytes(text: string): Uint8Array<ArrayBuffer> {
	const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
	return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

const text = (buffer: ArrayBuffer): string => btoa(String.fromCharCode(
    ...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_")
    .replace(/=+$/, "");

interface Listed {
	type: "public-key";
	id: string;
}

const listed = (all: readonly Listed[] | undefined) =>
    (all ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

export interface RequestOptions {
	challenge: string;
	rpId: string;
	userVerification: UserVerificationRequirement;
	timeout: number;
	allowCredentials?: Listed[];
}

export interface CreateOptions {
	challenge: string;
	rp: { id: string; name: string };
	user: { id: string; name: string; displayName: string };
	pubKeyCredParams: { type: "public-key"; alg: number }[];
	authenticatorSelection: AuthenticatorSelectionCriteria;
	attestation: AttestationConveyancePreference;
	timeout: number;
	excludeCredentials?: Listed[];
}

export const passkeysWork = (): boolean =>
    typeof PublicKeyCredential === "function";

// Whatever the device says of it, cancelled or not possible, is one sentence.
async function asked<T>(question: Promise<Credential | null>): Promise<T> {
	const given = await question.catch((error: unknown) => {
		throw new AppError(error instanceof DOMException &&
		    error.name === "InvalidStateError" ?
		    "office.passkey.known" : "office.passkey.failed");
	});
	if (given === null)
		throw new AppError("office.passkey.failed");
	return given as T;
}

export async function usePasskey(options: RequestOptions,
    signal?: AbortSignal): Promise<object> {
	const given = await asked<PublicKeyCredential>(navigator.credentials.get({
	    publicKey: { ...options, challenge: bytes(options.challenge),
	    allowCredentials: listed(options.allowCredentials) },
	    ...signal && { signal } }));
	const response = given.response as AuthenticatorAssertionResponse;
	return { id: text(given.rawId), client_data: text(response.clientDataJSON),
	    authenticator_data: text(response.authenticatorData),
	    signature: text(response.signature) };
}

export async function makePasskey(options: CreateOptions): Promise<object> {
	const given = await asked<PublicKeyCredential>(
	    navigator.credentials.create({ publicKey: { ...options,
	    challenge: bytes(options.challenge),
	    user: { ...options.user, id: bytes(options.user.id) },
	    excludeCredentials: listed(options.excludeCredentials) } }));
	const response = given.response as AuthenticatorAttestationResponse;
	return { client_data: text(response.clientDataJSON),
	    authenticator_data: text(response.getAuthenticatorData()) };
}
