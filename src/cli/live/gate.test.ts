import { expect, test } from "vitest";
import { Gate, stoppableClock } from "./gate.ts";

test("an open gate lets through at once, a closed one when it is opened or the signal fires", async () => {
  const gate = new Gate();
  const controller = new AbortController();
  const waits: string[] = [];
  const pass = (name: string): Promise<boolean> => gate.pass(controller.signal, () => waits.push(name));
  expect(await pass("open")).toBe(false);
  gate.close();
  const second = pass("second");
  gate.open();
  expect(await second).toBe(true);
  gate.close();
  const third = pass("third");
  controller.abort();
  expect(await third).toBe(true);
  expect(await pass("after")).toBe(false);
  expect(waits).toEqual(["second", "third"]);
});

test("a clock does not see the time for which it was stopped", () => {
  let time = 10;
  const clock = stoppableClock(() => time);
  expect(clock.now()).toBe(10);
  clock.stop();
  time = 100;
  clock.stop();
  expect(clock.now()).toBe(10);
  clock.go();
  clock.go();
  time = 105;
  expect(clock.now()).toBe(15);
});
