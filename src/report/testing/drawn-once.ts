import type { Report } from "../index.ts";

/** The same report for the same choice, which must be plain: a page takes half a second to draw. */
export function drawnOnce<Choice extends readonly unknown[]>(
  draw: (...choice: Choice) => Report,
): (...choice: Choice) => Report {
  const drawn = new Map<string, Report>();
  return (...choice) => {
    const key = JSON.stringify(choice, (_, value) =>
      ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value,
    );
    const report = drawn.get(key) ?? draw(...choice);
    drawn.set(key, report);
    return report;
  };
}
