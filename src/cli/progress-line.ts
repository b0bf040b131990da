import type { ProgressLine } from "./effects.ts";

/** A line that shows nothing. */
export const silent: ProgressLine = { show: () => {}, done: () => {} };

/**
 * A spinner with a text on a terminal.
 *
 * A terminal may say that it has 0 columns, from the start or when its window goes away; ora would then clear lines
 * without end, and the program never come back. There and from then on nothing is shown.
 */
export async function openProgressLine(terminal: NodeJS.WriteStream): Promise<ProgressLine> {
  const isVisible = (): boolean => terminal.isTTY && terminal.columns > 0;
  if (!isVisible()) return silent;
  const { default: ora } = await import("ora");
  // ora would otherwise take the keyboard, and Ctrl-C with it.
  const line = ora({ stream: terminal, discardStdin: false });
  terminal.on("resize", () => {
    if (!isVisible()) line.stop();
  });
  return {
    show: (text) => {
      if (!isVisible()) return;
      line.text = text;
      if (!line.isSpinning) line.start();
    },
    done: () => {
      line.stop();
    },
  };
}
