// SPDX-License-Identifier: EUPL-1.2
// What lies between the browser and our server: passes everything on, writes
// down every request that arrives, and can be as bad as networks are.
//
//	network.fault = (request) => "503" where that is what shall happen
//
//	down		the connection ends before anything was passed on
//	lost		the server answered, and the answer does not arrive
//	silence		nothing comes, ever
//	503, html	somebody in between answers
//
// It sees the service worker's requests as well, which a page's routes do not.

import http from "node:http";

const answers = {
	503: [503, { "content-type": "text/html", "retry-after": "1" },
	    "<h1>Service Unavailable</h1>"],
	html: [200, { "content-type": "text/html" },
	    "<!doctype html><title>WLAN</title><h1>Bitte anmelden</h1>"],
};

function whole(stream) {
	return new Promise((resolve, reject) => {
		const chunks = [];
		stream.on("data", (chunk) => chunks.push(chunk));
		stream.on("end", () => resolve(Buffer.concat(chunks)));
		stream.on("error", reject);
		stream.on("aborted", () => reject(new Error("aborted")));
	});
}

function passOn(port, seen, agent) {
	return new Promise((resolve, reject) => {
		const request = http.request({ host: "127.0.0.1", port, agent,
		    method: seen.method, path: seen.path, headers: seen.headers },
		    (answer) => whole(answer).then((body) => resolve({ body,
		    status: answer.statusCode, headers: answer.rawHeaders }), reject));
		request.on("error", reject);
		request.end(seen.body);
	});
}

export async function startNetwork(target) {
	const network = { seen: [], fault: null };
	const agent = new http.Agent({ keepAlive: true });
	const handle = async (request, response) => {
		const seen = { method: request.method, path: request.url,
		    headers: request.headers, city: request.headers.host
		    .split(".")[0], body: await whole(request), status: 0,
		    fault: null };
		network.seen.push(seen);
		const fault = seen.fault = network.fault?.(seen) ?? null;
		if (fault === "down")
			return request.socket.destroy();
		if (fault === "silence")
			return undefined;
		if (answers[fault])
			return response.writeHead(...answers[fault].slice(0, 2))
			    .end(answers[fault][2]);
		const { status, headers, body } =
		    await passOn(target, seen, agent);
		seen.status = status;
		if (fault === "lost")
			return request.socket.destroy();
		return response.writeHead(status, headers).end(body);
	};
	const server = http.createServer((request, response) => {
		handle(request, response).catch(() => request.socket.destroy());
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	network.port = server.address().port;
	network.of = (method, part) => network.seen.filter((one) =>
	    one.method === method && one.path.includes(part));
	network.stop = () => new Promise((done) => {
		agent.destroy();
		server.close(done);
		server.closeAllConnections();
	});
	return network;
}
