/**
 * A run in a process of its own: it can neither hold the server up nor take it along. This file is both the server's side
 * and, in the process, what that runs.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunEnd, RunInTheMaking, RunNews } from "../../explorer/index.ts";
import { Gate } from "./gate.ts";
import { type MakeOrder, makeRun, newsLine } from "./make-run.ts";

/** Says to the process what it is for. */
const PURPOSE = "--unlabeled-live-run";

type Wish =
  | { readonly wish: "make"; readonly order: MakeOrder; readonly version: string }
  | { readonly wish: "pause" | "go on" | "cancel" };

type Answer = { readonly news: RunNews } | { readonly end: RunEnd };

/** Whether this program can be started again from here: from sources, which Node does not run, it cannot. */
export const hasProcesses: boolean = import.meta.url.endsWith(".js");

/** Makes a run in a process of its own. */
export function makeInProcess(
  order: MakeOrder,
  version: string,
  tell: (news: RunNews) => void,
): RunInTheMaking {
  const child = fork(fileURLToPath(import.meta.url), [PURPOSE], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const send = (wish: Wish): void => {
    // Where it is gone, `ended` says so.
    if (child.connected) child.send(wish, () => {});
  };
  const ended = new Promise<RunEnd>((resolve) => {
    child.on("message", (answer: Answer) => {
      if ("end" in answer) resolve(answer.end);
      else tell(answer.news);
    });
    const gone = (why: string): void =>
      resolve({
        kind: "failed",
        error: `unlabeled: the process of the run must come to its end; ${why}. Its folder may hold a checkpoint: see unlabeled runs.`,
        resume: null,
      });
    child.on("error", (error) => gone(`it failed: ${error.message}`));
    child.on("close", (code, signal) => gone(`it ended with ${signal ?? code}`));
  });
  send({ wish: "make", order, version });
  return {
    pause: () => send({ wish: "pause" }),
    goOn: () => send({ wish: "go on" }),
    cancel: () => send({ wish: "cancel" }),
    kill: () => {
      child.kill("SIGKILL");
    },
    ended,
  };
}

/** What the process does. */
function serve(): void {
  const controller = new AbortController();
  const gate = new Gate();
  const cancel = (): void => controller.abort();
  const answer = (content: Answer, sent: () => void = () => {}): void => {
    if (process.connected) process.send?.(content, undefined, undefined, sent);
  };
  // Ctrl-C reaches all processes of a terminal: here it is the server that says what becomes of it.
  for (const signal of ["SIGINT", "SIGHUP"]) process.on(signal, () => {});
  process.on("SIGTERM", cancel);
  process.on("disconnect", cancel); // the server is gone
  process.on("message", (wish: Wish) => {
    if (wish.wish === "make") {
      void make(wish.order, wish.version).then((end) => answer({ end }, () => process.disconnect()));
    } else if (wish.wish === "pause") gate.close();
    else if (wish.wish === "go on") gate.open();
    else cancel();
  });

  async function make(order: MakeOrder, version: string): Promise<RunEnd> {
    const tell = (news: RunNews): void => answer({ news });
    const { openRealEffects } = await import("../real-effects.ts");
    const quiet = { quiet: true, json: true };
    const instead = { signal: controller.signal, progress: newsLine(tell) };
    const effects = await openRealEffects(version, quiet, instead);
    return makeRun(order, { tell, gate }, effects);
  }
}

if (process.argv[2] === PURPOSE && process.send) serve();
