/** Questions to the runtime's worker and their answers, matched by number. */
import { CancelledError } from "../../errors.ts";
import type { WorkerHandle } from "../../platform/platform.ts";
import type { Answer, Question, Start } from "./messages.ts";

/** What the worker could not do, in the words of ONNX Runtime. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Connection {
  private readonly worker: WorkerHandle;
  /** Name of the package. */
  readonly runtime: string;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  /** Why no more questions are taken. */
  private ended: Error | undefined;

  constructor(worker: WorkerHandle, start: Start) {
    this.worker = worker;
    this.runtime = start.name;
    worker.onMessage((message) => this.receive(message as Answer));
    worker.onError((cause) => {
      const message = `${start.name}: its thread ended unexpectedly: ${cause.message}`;
      this.end(new Error(message, { cause }));
    });
    worker.post(start);
  }

  /**
   * Asks, and waits for the answer; meanwhile the worker keeps the program alive.
   *
   * @param transfer buffers to hand over
   * @throws {RefusedError} if ONNX Runtime refuses
   * @throws {CancelledError} if the connection is closed before the answer
   */
  ask<T>(question: Question, transfer: readonly ArrayBufferLike[] = []): Promise<T> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    return new Promise<unknown>((resolve, reject) => {
      const id = ++this.lastId;
      this.worker.post({ ...question, id }, transfer);
      this.waiting.set(id, { resolve, reject });
      this.worker.keepAlive(true);
    }) as Promise<T>;
  }

  /** Ends the worker; whoever waits for an answer gets a {@link CancelledError}. */
  close(): void {
    this.end(new CancelledError(`${this.runtime}: the runtime was closed.`));
  }

  private receive(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    if (waiting === undefined) return; // closed meanwhile
    this.waiting.delete(answer.id);
    if (this.waiting.size === 0) this.worker.keepAlive(false);
    if ("error" in answer) waiting.reject(new RefusedError(answer.error));
    else waiting.resolve(answer.result);
  }

  private end(reason: Error): void {
    if (this.ended !== undefined) return;
    this.ended = reason;
    this.worker.keepAlive(false);
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}
