/** Runs made and served by the program itself, and pages on them; for tests of the explorer. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { program, type ServedExplorer, serveExplorer } from "./explorer-server.ts";

/** How long a page may take, also on a machine at work. */
export const waiting = { timeout: 20_000 };

/** Every theme on a wide and on a narrow page. */
export const looks = [
  ["light", 1280],
  ["light", 390],
  ["dark", 1280],
  ["dark", 390],
] as const;

export interface Opening {
  /** What stands behind `#`. */
  readonly hash?: string;
  readonly theme?: "light" | "dark";
  readonly width?: number;
}

export interface ServedRuns {
  readonly address: URL;
  /** A page of its own; it is closed, and checked for complaints of the browser, by {@link ServedRuns.closePages}. */
  open(opening?: Opening): Promise<Page>;
  /** Asks the server with its token. */
  api<T>(path: string, body?: unknown): Promise<T>;
  /** Closes the pages, and tells what the browser complained of. */
  closePages(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** @param runs arguments of `unlabeled cluster` for each run that is made first */
export async function serveRuns(runs: readonly (readonly string[])[]): Promise<ServedRuns> {
  const folder = await mkdtemp(join(tmpdir(), "unlabeled-served-"));
  const make = async (): Promise<void> => {
    for (const args of runs) {
      await promisify(execFile)(process.execPath, [program, "cluster", ...args, "--quiet"], { cwd: folder });
    }
  };
  const [browser] = await Promise.all([launchChromium({ webgl: true }), make()]);
  return servedRuns(folder, browser, await serveExplorer(folder));
}

function servedRuns(folder: string, browser: Browser, server: ServedExplorer): ServedRuns {
  const { address } = server;
  const contexts = new Map<string, Promise<BrowserContext>>();
  const pages: Page[] = [];
  let complaints: string[] = [];
  return {
    address,
    async open({ hash = "", theme = "light", width = 1280 } = {}) {
      const key = `${theme} ${width}`;
      const context =
        contexts.get(key) ??
        browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme, acceptDownloads: true });
      contexts.set(key, context);
      const page = await (await context).newPage();
      pages.push(page);
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) complaints.push(message.text());
      });
      await page.goto(`${address.origin}/${address.search}#${hash}`);
      return page;
    },
    api: server.json,
    async closePages() {
      for (const page of pages.splice(0)) await page.close();
      const said = complaints;
      complaints = [];
      return said;
    },
    async close() {
      await browser.close();
      await server.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One parameter of a page's address. */
export function parameter(page: Page, name: string): string | null {
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get(name);
}
