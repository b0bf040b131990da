import { spawn } from "node:child_process";

/** What opens an address in the user's browser, by system. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [program: string, ...words: string[]]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Shows an address in the user's browser. No shell reads it; where nothing can be started, nothing happens. */
export function openBrowser(url: string): void {
  const [program, ...words] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...words, url], { stdio: "ignore", detached: true });
  child.on("error", () => {}); // no such program: the address is printed anyway
  child.unref();
}
