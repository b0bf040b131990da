/** Server-sent events. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { Refusal } from "./refusal.ts";

/** Streams of events at once, at most: they keep their connections, of which others need some. */
const MOST_STREAMS = 32;

/** Milliseconds between signs of life, by which a page that is gone is noticed. */
const ALIVE_EVERY = 15_000;

/** Events that a page which does not read them may have waiting, before its stream is ended. */
const MOST_WAITING = 1000;

/** What events come from. */
export interface EventSource {
  /** Calls the listener with each event, until what is returned is called. */
  listen(listener: (event: object) => void): () => void;
}

export class EventStreams {
  private readonly ends = new Set<() => void>();

  /** Answers with the events of a source until the page goes away. */
  answer(context: Context, source: EventSource): Response {
    if (this.ends.size >= MOST_STREAMS) {
      throw new Refusal(
        503,
        `explorer: at most ${MOST_STREAMS} pages may watch at once; got one more. Close some.`,
      );
    }
    return streamSSE(context, async (stream) => {
      const waiting: string[] = [];
      let wake = (): void => {};
      let ended = false;
      const end = (): void => {
        ended = true;
        wake();
      };
      this.ends.add(end);
      stream.onAbort(end);
      const forget = source.listen((event) => {
        waiting.push(JSON.stringify(event));
        if (waiting.length > MOST_WAITING) end();
        wake();
      });
      try {
        await stream.write(": the explorer's events\n\n");
        while (!ended) {
          const data = waiting.shift();
          if (data !== undefined) {
            await stream.writeSSE({ data });
            continue;
          }
          const woken = await new Promise<boolean>((resolve) => {
            const timer = setTimeout(() => resolve(false), ALIVE_EVERY);
            wake = () => {
              clearTimeout(timer);
              resolve(true);
            };
          });
          if (!woken) await stream.write(": alive\n\n");
        }
      } finally {
        forget();
        this.ends.delete(end);
      }
    });
  }

  /** Ends all streams. */
  close(): void {
    for (const end of [...this.ends]) end();
  }
}
