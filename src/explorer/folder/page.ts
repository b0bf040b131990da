/** The built page, as one that opens from disk. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../errors.ts";

/**
 * What the page may load: its own scripts and styles, and pictures that it makes. `file:` is what "self" is on a page from disk.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file:",
  "img-src 'self' file: blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A file of the page, by its path. */
export interface PageFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * The files of the page for a folder. A page from disk may not load modules; its script is built as one that is none.
 *
 * @throws {InputError} if the page is not built
 */
export async function pageFiles(folder: string, title: string): Promise<readonly PageFile[]> {
  const built = await readFile(join(folder, "index.html"), "utf8").catch((cause) => {
    throw new InputError(
      `unlabeled export: "${folder}" must hold the explorer's page; it is not built. Run npm run build.`,
      { cause },
    );
  });
  const script = /<script[^>]*\ssrc="([^"]+)"[^>]*><\/script>/.exec(built);
  if (!script) {
    throw new InputError(
      `unlabeled export: "${folder}" must hold the explorer's page with its script; got a page without. Run npm run build.`,
    );
  }
  const html = built
    .replace(script[0], "")
    .replaceAll(/ crossorigin(="[^"]*")?/g, "")
    .replace(/<title>[^<]*<\/title>/, `<title>${escaped(title)}</title>`)
    .replace(
      "<head>",
      `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />\n    <meta name="generator" content="unlabeled" />`,
    )
    .replace(
      "</head>",
      `  <script src="./data/begin.js"></script>\n    <script src="./data/manifest.js"></script>\n    <script defer src="${script[1]}"></script>\n  </head>`,
    )
    .replace(
      /<noscript>[^<]*<\/noscript>/,
      "<noscript>This page needs JavaScript, which it brings along: it loads nothing from elsewhere.</noscript>",
    );
  const assets = await readdir(join(folder, "assets"));
  return [
    { path: "index.html", content: html },
    { path: "data/begin.js", content: begin },
    ...(await Promise.all(
      assets
        .filter((name) => !name.endsWith(".map"))
        .map(async (name) => ({
          path: `assets/${name}`,
          content: await readFile(join(folder, "assets", name)),
        })),
    )),
  ];
}

/** What data scripts call: values wait until the page takes them. */
const begin = `var unlabeledArrived = new Map();
function unlabeledData(name, value) { unlabeledArrived.set(name, value); }
`;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
