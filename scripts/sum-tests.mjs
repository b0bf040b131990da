// Prints how many tests of a Vitest JSON report passed, failed and were left out (0 0 0 where there is no report), and
// adds to a file what failed: test, file, and the beginning of the message.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

const MOST_LINES = 25;

const [file, failures] = process.argv.slice(2);
const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const {
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
  numTodoTests = 0,
  testResults = [],
} = report;
console.log(numPassedTests, numFailedTests, numPendingTests + numTodoTests);

for (const { name, status, message, assertionResults } of testResults) {
  const path = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  for (const { fullName, failureMessages } of failed)
    tell(`${path}: ${fullName}`, failureMessages.join("\n"));
  if (status === "failed" && failed.length === 0) tell(path, message ?? "could not be loaded");
}

function tell(what, message) {
  const lines = message.split("\n").slice(0, MOST_LINES);
  appendFileSync(failures, `--- ${what}\n${lines.map((line) => `    ${line}`).join("\n")}\n`);
}
