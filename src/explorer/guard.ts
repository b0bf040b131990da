/**
 * Who may ask. The server is for the person at this machine alone: pages of other sites, which the browser would let speak to
 * 127.0.0.1 in that person's name, are told by their Origin, names that others have pointed here (DNS rebinding) by the Host,
 * and other programs of this machine by the token that only the printed address has.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";

/** Sent with every answer that does not bring its own. */
const headers: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Puts the headers onto whatever is answered, refusals among it. */
export const withHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) {
    if (!context.res.headers.has(name)) context.header(name, value);
  }
};

/**
 * Lets through what comes from the explorer's own page, or from no page at all.
 *
 * @param port that the server listens on; known once it does
 */
export function onlyOwnPage(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const method = context.req.method;
    if (method !== "GET" && method !== "POST") {
      context.header("Allow", "GET, POST");
      return refuse(context, 405, `the method must be GET or POST; got ${method.slice(0, 20)}.`);
    }
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`];
    // The second is another one where a request names a whole address, as those to a proxy do.
    const asked = [context.req.header("host"), new URL(context.req.url).host];
    if (!asked.every((host) => host !== undefined && hosts.includes(host))) {
      return refuse(context, 403, `the host must be ${hosts[0]}; got another. Open the printed address.`);
    }
    const origin = context.req.header("origin");
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
      return refuse(context, 403, "requests must come from the explorer's own page; got another origin.");
    }
    const site = context.req.header("sec-fetch-site");
    const isApi = context.req.path.startsWith("/api");
    if (isApi && site !== undefined && site !== "same-origin" && site !== "none") {
      return refuse(context, 403, "requests must come from the explorer's own page; got another site.");
    }
    return next();
  };
}

/** Lets through what carries the token: in a header or, where that cannot be (pictures, events), in the address of a GET. */
export function onlyWithToken(token: string): MiddlewareHandler {
  const wanted = digest(token);
  return async (context, next) => {
    const inAddress = context.req.method === "GET" ? context.req.query("token") : undefined;
    const given = context.req.header("x-unlabeled-token") ?? inAddress;
    // Digests have one length, so that the comparison takes the same time for any token.
    if (given !== undefined && timingSafeEqual(digest(given), wanted)) return next();
    return refuse(
      context,
      401,
      `the token must be that of the printed address; got ${given === undefined ? "none" : "another"}. Each start of unlabeled explore has a new one.`,
    );
  };
}

function refuse(context: Context, status: 401 | 403 | 405, reason: string): Response {
  return context.json({ error: `explorer: ${reason}` }, status);
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
