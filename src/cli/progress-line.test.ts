import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openProgressLine } from "./progress-line.ts";

/** A terminal as Node gives it, as far as the progress line asks. */
function terminal(columns: number) {
  let written = "";
  const stream = Object.assign(new PassThrough(), {
    ...{ isTTY: true, columns, rows: 24 },
    ...{ cursorTo: () => true, moveCursor: () => true, clearLine: () => true },
  });
  stream.on("data", (text) => {
    written += text;
  });
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => written };
}

// ora shows nothing on a build server or a terminal without abilities.
beforeEach(() => {
  vi.stubEnv("CI", undefined);
  vi.stubEnv("TERM", "xterm");
});
afterEach(() => vi.unstubAllEnvs());

test("shows its text on a terminal, and takes it away", async () => {
  const { stream, written } = terminal(80);
  const line = await openProgressLine(stream);
  line.show("Opening strokes");
  line.done();
  expect(written()).toContain("Opening strokes");
});

test("is silent on a terminal without columns, and from the moment on that it has none", async () => {
  const blind = terminal(0);
  const never = await openProgressLine(blind.stream);
  never.show("Opening strokes");
  never.done();
  expect(blind.written()).toBe("");

  const { stream, written } = terminal(80);
  const line = await openProgressLine(stream);
  line.show("Opening strokes");
  stream.columns = 0;
  stream.emit("resize");
  line.show("Elbow curve");
  await new Promise((resolve) => setTimeout(resolve, 200)); // time for a few pictures of a spinner
  line.done();
  expect(written()).not.toContain("Elbow curve");
}, 5000);
