#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { runProgram } from "./program.ts";
import { watchStandardStreams } from "./standard-streams.ts";

watchStandardStreams(process.stdout, process.stderr, (exitCode) => {
  process.exitCode = exitCode;
});

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const exitCode = await runProgram(process.argv.slice(2), {
  version,
  columns: process.stdout.columns ?? 100,
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  openEffects: async (talk) => (await import("./real-effects.ts")).openRealEffects(version, talk),
});
process.exitCode ||= exitCode; // unless the result could not be written
