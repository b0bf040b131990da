import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a path of the server gives: bytes, or whatever the function does with the response. Anything else is a 404. */
export type Routes = Readonly<Record<string, Uint8Array | ((response: ServerResponse) => void)>>;

export interface LocalServer {
  /** Address that ends in `/`. */
  readonly address: string;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
}

/** A server on this machine alone, ended with the test. */
export async function localServer(routes: Routes): Promise<LocalServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const route = routes[path];
    if (typeof route === "function") route(response);
    else if (route) response.end(route);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}
