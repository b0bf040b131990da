// A network in a page: a model made here, run three times over by ONNX Runtime, its output carried to its input.
import { neural, openRuntime } from "unlabeled";

/** Counts from 0 in steps of 1 and 2; also tells what it ran on, and how often a timer was served meanwhile. */
export async function countOn() {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const runtime = await openRuntime({ threads: 2 });
  const [count, step] = ["count", "step"].map((name) => neural.input(name, "float32", [2]));
  const next = neural.add(count, step);
  const model = neural.encodeModel({ name: "count", inputs: [count, step], outputs: { next } });
  const session = await runtime.load(model);
  const vector = (...numbers) => ({ type: "float32", shape: [2], data: Float32Array.from(numbers) });
  await session.set({ count: vector(0, 0), step: vector(1, 2) });
  for (let run = 0; run < 3; run++) await session.run({}, { fetch: [], carry: { next: "count" } });
  const kept = await session.get(["count"]);
  const refused = await runtime.load(Uint8Array.of(1, 2, 3)).catch((error) => error.name);
  runtime.close();
  clearInterval(timer);
  const { name, threads, notice } = runtime;
  return { name, threads, notice, counted: Array.from(kept.count.data), refused, ticks };
}
