import { PassThrough, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { watchStandardStreams } from "./standard-streams.ts";

function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: write`), { code })),
  });
}

/** What is said, and the exit codes that are set, once something was written to both streams. */
async function afterWriting(out: Writable, error: Writable) {
  const exitCodes: number[] = [];
  watchStandardStreams(out, error, (code) => exitCodes.push(code));
  out.write("result");
  await new Promise(setImmediate);
  return exitCodes;
}

describe("watchStandardStreams", () => {
  test("a full disk behind standard output takes one line with the remedy and exit code 2", async () => {
    const error = new PassThrough();
    expect(await afterWriting(failing("ENOSPC"), error)).toEqual([2]);
    expect(String(error.read())).toBe(
      'unlabeled: standard output must be writable; got "ENOSPC: write". Send it to another place.\n',
    );
  });

  test("a reader that has seen enough is no fault", async () => {
    const error = new PassThrough();
    expect(await afterWriting(failing("EPIPE"), error)).toEqual([]);
    expect(error.read()).toBe(null);
  });

  test("what standard error cannot take is dropped, be it a terminal that is gone", async () => {
    const error = failing("EIO");
    expect(await afterWriting(new PassThrough(), error)).toEqual([]);
    error.write("progress");
    await new Promise(setImmediate);
    expect(await afterWriting(failing("ENOSPC"), failing("EIO"))).toEqual([2]);
  });
});
