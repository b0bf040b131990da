// Prints how many tests of a Vitest JSON report passed, failed and were left out; 0 0 0 where there is no report.
import { existsSync, readFileSync } from "node:fs";

const [file] = process.argv.slice(2);
const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
console.log(numPassedTests, numFailedTests, numPendingTests + numTodoTests);
