/** The files of the page: those that lie in its folder when the server starts, each by its whole address. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import type { Context } from "hono";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const absent = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>unlabeled explore</title>
<h1>The explorer's page is not built</h1>
<p>This is a copy of the program from its sources. Run <code>npm run build</code>, and start <code>unlabeled explore</code> again.</p>
`;

/** Answers a request for a file of the page. */
export type Assets = (context: Context) => Promise<Response>;

/** Looks which files there are. What is not on this list cannot be asked for: addresses are never made into paths. */
export async function findAssets(folder: string): Promise<Assets> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, { readonly path: string; readonly type: string }>();
  for (const entry of entries) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue; // links lead elsewhere
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join("/")}`, { path, type });
  }
  const start = files.get("/index.html");
  if (start) files.set("/", start);
  return async (context) => {
    const file = files.get(context.req.path);
    if (file) {
      const bytes = await readFile(file.path);
      return context.body(bytes, 200, { "Content-Type": file.type, "Cache-Control": "no-cache" });
    }
    if (context.req.path === "/") return context.html(absent, 503);
    return context.json({ error: "explorer: an address must be one that the page has; got another." }, 404);
  };
}
