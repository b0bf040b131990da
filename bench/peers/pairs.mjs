// Runs two sides in turn, A B A B ..., each in a fresh process, and prints a row and one JSON line per case.
import { spawnSync } from "node:child_process";
import { median } from "../samples.mjs";

/** Runs a program that prints one JSON document as its last line. */
export function measure(command, args, env = {}) {
  const child = spawnSync(command, args, {
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${child.stderr}`);
  return JSON.parse(child.stdout.trim().split("\n").at(-1));
}

/** A Python that has the module, or undefined; PYTHON names one to prefer. */
export function pythonWith(module) {
  return [process.env.PYTHON, "python3", "/usr/bin/python3"]
    .filter((path) => path !== undefined)
    .find((path) => spawnSync(path, ["-c", `import ${module}`]).status === 0);
}

/** Says that a case is skipped, and how to have it. */
export function skip(name, missing, remedy) {
  console.log(`${name}: skipped, ${missing} is not installed. Remedy: ${remedy}`);
  console.log(JSON.stringify({ case: name, skipped: missing, remedy }));
}

/**
 * @param ours one measurement of ours: () => { seconds, peakMiB, quality, ... }
 * @param peers measurements of peers by name; the ratio is taken to the fastest of them
 */
export function comparePairs({ name, what, pairs, ours, peers, note }) {
  const own = [];
  const others = new Map(Object.keys(peers).map((peer) => [peer, []]));
  for (let pair = 0; pair < pairs; pair++) {
    own.push(ours());
    for (const [peer, run] of Object.entries(peers)) others.get(peer).push(run());
  }
  const seconds = (runs) => median(runs.map((run) => run.seconds));
  const peak = (runs) => Math.max(...runs.map((run) => run.peakMiB));
  const [fastest, theirs] = [...others].sort((a, b) => seconds(a[1]) - seconds(b[1]))[0];
  const ratios = own.map((run, at) => theirs[at].seconds / run.seconds);
  const line = {
    case: name,
    ours: { seconds: seconds(own), peakMiB: peak(own), iterations: own[0].iterations },
    peer: {
      name: `${theirs[0].program} ${fastest}`,
      seconds: seconds(theirs),
      peakMiB: peak(theirs),
      iterations: theirs[0].iterations,
    },
    ratio: median(ratios),
    ratios: { min: Math.min(...ratios), max: Math.max(...ratios), pairs },
    quality: { ours: own[0].quality, peer: theirs[0].quality, what },
    note,
  };
  const all = [...others].map(([peer, runs]) => `${peer} ${seconds(runs).toFixed(3)} s`).join(", ");
  console.log(
    `${name}: ours ${line.ours.seconds.toFixed(3)} s, ${theirs[0].program} ${all}; ` +
      `${line.ratio.toFixed(2)} times the faster one (${line.ratios.min.toFixed(2)} to ${line.ratios.max.toFixed(2)}); ` +
      `peak ${line.ours.peakMiB.toFixed(0)} against ${line.peer.peakMiB.toFixed(0)} MiB; ` +
      `${what} ${line.quality.ours} against ${line.quality.peer}. ${note}`,
  );
  console.log(JSON.stringify(line));
  return line;
}
