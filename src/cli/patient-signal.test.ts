import { describe, expect, test } from "vitest";
import { patientSignal } from "./patient-signal.ts";

describe("patientSignal", () => {
  test("follows the wish at once unless it is held, and then on release", () => {
    for (const held of [false, true]) {
      const wish = new AbortController();
      const patience = patientSignal(wish.signal);
      if (held) patience.hold();
      wish.abort();
      expect(patience.signal.aborted).toBe(!held);
      patience.release();
      expect(patience.signal.aborted).toBe(true);
    }
  });

  test("does nothing without a wish, and follows one that was there before", () => {
    const wish = new AbortController();
    const patience = patientSignal(wish.signal);
    patience.hold();
    patience.release();
    expect(patience.signal.aborted).toBe(false);
    expect(patientSignal(AbortSignal.abort()).signal.aborted).toBe(true);
    patience.close();
    wish.abort();
    expect(patience.signal.aborted).toBe(false);
  });
});
