#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { runProgram } from "./program.ts";

// A reader that has seen enough (head, less) is no fault; what is left to say is dropped.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

process.exitCode = await runProgram(process.argv.slice(2), {
  version,
  columns: process.stdout.columns ?? 100,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  openEffects: async (talk) => (await import("./real-effects.ts")).openRealEffects(version, talk),
});
