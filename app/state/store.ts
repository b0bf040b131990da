import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** A value that components follow. */
export interface Store<T> {
  get(): T;
  /** Sets the value, and tells all who follow it if it is another one. */
  set(value: T): void;
  /** Calls `listener` after each change; returns what ends that. */
  follow(listener: (value: T) => void): () => void;
}

export function createStore<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(value);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value of a store, in a component that is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState(0);
  const value = store.get();
  const drawn = useRef(value);
  drawn.current = value;
  useLayoutEffect(() => {
    const look = (): void => {
      if (!Object.is(drawn.current, store.get())) redraw((n) => n + 1);
    };
    look(); // it may have changed since it was drawn
    return store.follow(look);
  }, [store]);
  return value;
}
