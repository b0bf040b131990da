import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "google-chrome", "google-chrome-stable", "chromium-browser"];

/**
 * Starts the Chromium that is installed: `CHROMIUM`, else /usr/bin/chromium, else the first one on the PATH; with
 * `webgl`, one that draws WebGL in software where there is no graphics card.
 */
export function launchChromium({ webgl = false }: { readonly webgl?: boolean } = {}): Promise<Browser> {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const executablePath = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", ...onPath].find(existsSync);
  if (executablePath === undefined) {
    throw new Error(
      `A Chromium must be installed; looked for ${names.join(", ")}. Install one, or name it: CHROMIUM=<path> npm run test:browser.`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      ...(webgl
        ? ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        : ["--disable-gpu"]),
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
