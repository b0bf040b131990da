import { describe, expect, test } from "vitest";
import { planeShapes } from "./run/current-clusters.ts";
import { nearestRows } from "./run/nearest-rows.ts";
import { runId } from "./run-list.ts";
import { SharedWorks, within } from "./shared-work.ts";

describe("the id of a run", () => {
  test("is made of letters that addresses keep as they are, and tells all paths apart", () => {
    const paths = [
      "",
      ".",
      "..",
      "../x",
      "a/b",
      "a~2fb",
      "a b",
      "a+b",
      "ä",
      ".a",
      "~",
      "a//b",
      "%2e%2e",
      "a?b#c",
    ];
    const ids = paths.map(runId);
    expect(new Set(ids).size).toBe(paths.length);
    for (const id of ids) {
      expect(id).toMatch(/^[A-Za-z0-9_.~-]+$/);
      expect(new URL(`http://x/api/runs/${id}`).pathname).toBe(`/api/runs/${id}`);
    }
  });
});

describe("shared work", () => {
  const create = (events: unknown[] = [], clock = { now: 0 }) => ({
    clock,
    works: new SharedWorks(
      (event) => events.push(event),
      () => clock.now,
      { last: Promise.resolve() },
    ),
  });

  test("is done once, whoever asks, and its end is told", async () => {
    const events: unknown[] = [];
    const { works } = create(events);
    let made = 0;
    const make = async (): Promise<number> => ++made;
    const [a, b] = [works.get("x", make), works.get("x", make)];
    expect([await a.result, await b.result, await works.get("x", make).result]).toEqual([1, 1, 1]);
    expect(events).toEqual([{ kind: "prepared", what: "x" }]);
    expect(works.get("x", make)).toMatchObject({ state: "done", done: 1, value: 1 });
  });

  test("is begun anew after it failed", async () => {
    const { works } = create();
    await expect(works.get("x", () => Promise.reject(new Error("no"))).result).rejects.toThrow("no");
    expect(await works.get("x", async () => 5).result).toBe(5);
  });

  test("tells how far it is, never backwards", async () => {
    const events: { done?: number }[] = [];
    const { works, clock } = create(events);
    await works.get("x", async (tell) => {
      for (const done of [0.1, 0.5, 0.3, 2]) {
        clock.now += 1000;
        tell(done);
      }
    }).result;
    expect(events.map(({ done }) => done)).toEqual([0.1, 0.5, 0.5, 1, undefined]);
  });

  test("is given up when nobody has asked for it for long, if it may be", async () => {
    const { works, clock } = create();
    const forever = (_tell: unknown, signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const [given, kept] = [works.get("given", forever, { cancellable: true }), works.get("kept", forever)];
    clock.now = 50;
    works.cancelIdle(100);
    expect(await within(given, 5)).toBeUndefined();
    clock.now = 151;
    works.cancelIdle(100);
    await expect(given.result).rejects.toThrow("nobody waits");
    expect(await within(kept, 5)).toBeUndefined();
    works.close();
    await expect(kept.result).rejects.toThrow("given up");
  });

  test("of the heavy kind has all threads for itself", async () => {
    const { works } = create();
    const order: string[] = [];
    const step = (name: string) => async (): Promise<void> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      order.push(`${name} ends`);
    };
    const failing = works.alone(() => Promise.reject(new Error("no")));
    await Promise.all([
      works.alone(step("a")),
      works.alone(step("b")),
      expect(failing).rejects.toThrow("no"),
    ]);
    expect(order).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });
});

describe("nearest rows", () => {
  test("are told with ties by the lowest index, bytes in their unit", async () => {
    const data = Uint8Array.of(10, 13, 7, 10, 40);
    const found = await nearestRows({ rows: 5, cols: 1, data, unit: 0.5 }, 0, 3);
    expect(found).toEqual([
      { index: 3, distance: 0 },
      { index: 1, distance: 1.5 },
      { index: 2, distance: 1.5 },
    ]);
    expect(await nearestRows({ rows: 1, cols: 1, data, unit: 0.5 }, 0, 3)).toEqual([]);
  });
});

describe("shapes in a plane", () => {
  test("numbers without images have none, single images no ellipse, and an ellipse leans as its images do", () => {
    const labels = Int32Array.of(0, 0, 0, 2);
    const clusters = [0, 2].map((cluster) => ({ cluster, name: null, notes: null, size: 1 }));
    const places = Float32Array.of(0, 0, 1, 2, 2, 4, 9, 9);
    const { centers, ellipses } = planeShapes({ labels, clusters }, places, 2, true);
    expect(centers).toEqual([[1, 2], [], [9, 9]]);
    expect(ellipses.map(({ length }) => length)).toEqual([49, 0, 0]);
    // All on a line: standard deviations 1 and 2.
    for (const [x, y] of ellipses[0] ?? []) expect(y - 2).toBeCloseTo(2 * (x - 1), 10);
    expect(Math.max(...(ellipses[0] ?? []).map(([x]) => x))).toBeCloseTo(2, 10);
    expect(planeShapes({ labels, clusters }, places, 2, false).ellipses).toEqual([]);
  });
});
