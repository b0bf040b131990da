/** What the main thread and the runtime's worker say to each other. */
import type { RuntimeName, TensorValues } from "./runtime.ts";

/** First message: which package to load, and how. */
export interface Start {
  readonly name: RuntimeName;
  readonly threads: number;
  /** Address of the package. */
  readonly url?: string;
  /** The package itself where the page has loaded it; it then runs in a worker that the package has started. */
  readonly module?: unknown;
}

/** One call; each is answered by one {@link Answer} with the same `id`, in order. */
export type Request = { readonly id: number; readonly session: number } & (
  | { readonly ask: "open"; readonly probe: Uint8Array }
  | { readonly ask: "load"; readonly model: Uint8Array }
  | { readonly ask: "set"; readonly values: TensorValues }
  | { readonly ask: "get"; readonly names: readonly string[] }
  | {
      readonly ask: "run";
      readonly inputs: TensorValues;
      readonly fetch: readonly string[];
      readonly carry: Readonly<Record<string, string>>;
    }
  | { readonly ask: "release" }
);

/** What is asked, without its number. */
export type Question = Request extends infer R ? (R extends Request ? Omit<R, "id"> : never) : never;

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** Result of `open`. */
export interface Opened {
  readonly version: string;
  readonly threads: number;
}

/** Result of `load`: names, element types and shapes as the package gives them. */
export interface Loaded {
  readonly inputs: readonly DeclaredValue[];
  readonly outputs: readonly DeclaredValue[];
}

export interface DeclaredValue {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}
