// SPDX-License-Identifier: EUPL-1.2
// A city's own sign-in system: a real OpenID Connect provider, at which
// `people` sign in by their name and any password.

import crypto from "node:crypto";
import Provider from "oidc-provider";

// `cities`: {herne: [where it sends back to, the algorithm of its tokens]}.
export async function startProvider(port, people, secret, cities) {
	const { privateKey } = crypto.generateKeyPairSync("ec",
	    { namedCurve: "P-256" });
	const rsa = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
	const one = new Provider(`http://127.0.0.1:${port}`, {
		clients: Object.entries(cities).map(([city, [back, alg]]) =>
		    ({ client_id: `stadtkern-${city}`, client_secret: secret,
		    id_token_signed_response_alg: alg, redirect_uris: [back],
		    token_endpoint_auth_method: "client_secret_basic" })),
		jwks: { keys: [{ ...privateKey.export({ format: "jwk" }),
		    kid: "ec", use: "sig", alg: "ES256" },
		    { ...rsa.privateKey.export({ format: "jwk" }), kid: "rsa",
		    use: "sig", alg: "RS256" }] },
		pkce: { required: () => true, methods: ["S256"] },
		claims: { openid: ["sub"], email: ["email", "email_verified"],
		    profile: ["name", "roles"] },
		conformIdTokenClaims: false,
		cookies: { keys: ["for-this-test"] },
		findAccount: (context, id) => ({ accountId: id,
		    claims: () => ({ sub: id, ...people[id] }) }),
	});
	return new Promise((done) => {
		const server = one.listen(port, "127.0.0.1", () => done(server));
	});
}
