// Loaded before a program (node --import): at its end, its peak memory as the last line of standard error.
import { writeSync } from "node:fs";

process.on("exit", () => writeSync(2, `\npeak KiB ${process.resourceUsage().maxRSS}\n`));
