/** The worker's code run beside the page's own, for a package that starts its own worker. */
import type { WorkerHandle } from "../../platform/platform.ts";
import type { Request, Start } from "./messages.ts";
import { serve } from "./worker.ts";

export function startInPage(): WorkerHandle {
  const sessions = new Set<number>();
  let receive: ((request: Request) => void) | undefined;
  let listener: ((message: unknown) => void) | undefined;
  // Cloned like messages of a worker, so that both sides own what they hold.
  const tell = (message: unknown, transfer: ArrayBufferLike[]) => {
    listener?.(structuredClone(message, { transfer: transfer as ArrayBuffer[] }));
  };
  return {
    post: (message, transfer = []) => {
      if (receive === undefined) {
        receive = serve(message as Start, tell, (work) => work()); // not cloned: it holds the package
        return;
      }
      const request = structuredClone(message, { transfer: transfer as ArrayBuffer[] }) as Request;
      if (request.ask === "load") sessions.add(request.session);
      receive(request);
    },
    onMessage: (given) => {
      listener = given;
    },
    onError: () => {},
    keepAlive: () => {},
    // The package's own worker cannot be ended, so what is running runs on, unheard; but memory is given back.
    terminate: () => {
      listener = undefined;
      for (const session of sessions) receive?.({ id: 0, ask: "release", session });
    },
  };
}
