import type { VNode } from "preact";

/** Nearer, further, and back to where all is seen. */
export function CameraButtons({
  onZoom,
  onFit,
}: {
  /** @param by powers of two */
  onZoom: (by: number) => void;
  onFit: () => void;
}): VNode {
  return (
    <fieldset class="segments">
      <legend class="hidden">Camera</legend>
      <button type="button" aria-label="Zoom in" onClick={() => onZoom(0.7)}>
        +
      </button>
      <button type="button" aria-label="Zoom out" onClick={() => onZoom(-0.7)}>
        −
      </button>
      <button type="button" onClick={onFit}>
        Fit
      </button>
    </fieldset>
  );
}
