import { expect, test } from "vitest";
import { CancelledError, InputError } from "../errors.ts";
import { describeFailure } from "./failure.ts";

test("a user's mistake takes one line, whatever file names do; so does a fault of the program", () => {
  const mistake = new InputError('openSource: "a\nb\u001b[2J" must be there; got nothing.');
  expect(describeFailure(mistake, false)).toEqual({
    text: 'openSource: "a b [2J" must be there; got nothing.',
    exitCode: 2,
  });
  for (const fault of [new TypeError("x is undefined."), "x is undefined."]) {
    const { text, exitCode } = describeFailure(fault, false);
    expect(text).toMatch(/^unlabeled: a fault of the program: x is undefined\. Run it again with --debug/);
    expect(exitCode).toBe(1);
  }
  expect(describeFailure(new CancelledError("kMeans.fit"), false)).toEqual({
    text: "unlabeled: cancelled.",
    exitCode: 130,
  });
});

test.each(["readRun: ", "kMeans.fit: ", "unlabeled data fetch: ", "unlabeled cluster: ", ""])(
  "a command stands in the place of %j, once",
  (place) => {
    const { text } = describeFailure(
      new InputError(`${place}"a: b" must be there; got nothing.`),
      false,
      "data fetch",
    );
    expect(text).toBe('unlabeled data fetch: "a: b" must be there; got nothing.');
  },
);

test("--debug shows the stack with all causes, and keeps the exit code", () => {
  const cause = new RangeError("too far");
  const { text, exitCode } = describeFailure(new InputError("no", { cause }), true);
  expect(text).toMatch(/^InputError: no\n +at .*\ncaused by RangeError: too far\n +at /s);
  expect(exitCode).toBe(2);
  expect(describeFailure(new Error("no", { cause: "a word" }), true)).toMatchObject({
    text: expect.stringMatching(/\ncaused by a word$/),
    exitCode: 1,
  });
});
