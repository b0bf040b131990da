import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { faultText } from "../state/words.ts";
import { wish } from "./live.ts";

export function Button({
  primary = false,
  onClick,
  children,
}: {
  primary?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}): VNode {
  return (
    <button type="button" class={primary ? "primary" : undefined} onClick={onClick}>
      {children}
    </button>
  );
}

/** What passes wishes on, and words where one could not be. */
export function useWish(id: string): readonly [string | null, (what: "pause" | "go-on" | "cancel") => void] {
  const [error, setError] = useState<string | null>(null);
  const ask = (what: "pause" | "go-on" | "cancel"): void => {
    setError(null);
    wish(id, what).catch((failure) => setError(faultText(failure)));
  };
  return [error, ask];
}
