import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

type Section = readonly [where: string, lines: readonly (readonly [key: string, what: string])[]];

/** @param views names of the views that a run can be seen in here */
const everywhere = (views: readonly string[]): Section => [
  "Everywhere",
  [
    [`1 … ${views.length}`, views.join(", ")],
    ["Ctrl-Z", "undo the last edit"],
    ["Ctrl-Shift-Z", "do it again"],
    ["?", "this help"],
  ],
];

const within: readonly Section[] = [
  [
    "Map (focused)",
    [
      ["← → ↑ ↓", "go from image to image"],
      ["Shift ← → ↑ ↓", "move the map; in space, turn it"],
      ["+ −", "zoom"],
      ["0", "show everything"],
      ["Space", "select the image, or no longer"],
      ["V, B, L", "drag to move, to select in a box, with a lasso"],
      ["Shift while selecting", "add to the selection"],
      ["Esc", "close the image, then clear the selection"],
    ],
  ],
  [
    "Decode (plane focused)",
    [
      ["← → ↑ ↓", "move the place that is decoded; with Shift further"],
      ["PageUp, PageDown", "in space: away from the eye, and nearer"],
      ["+ − 0", "zoom, show everything"],
      ["F, T", "walk from here, to here"],
    ],
  ],
  [
    "Confusion",
    [
      ["← → ↑ ↓", "from cell to cell"],
      ["Enter", "open its images"],
    ],
  ],
];

/** The keys, in a dialog. */
export function Help({
  views,
  edits,
  onClose,
}: {
  views: readonly string[];
  edits: boolean;
  onClose: () => void;
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <header>
        <h2 id="help-title">Keys</h2>
        <button
          type="button"
          class="quiet"
          aria-label="Close the help"
          onClick={() => dialog.current?.close()}
        >
          ✕
        </button>
      </header>
      {[everywhere(views), ...within].map(([where, lines]) => (
        <section key={where}>
          <h3>{where}</h3>
          <dl>
            {lines
              .filter(([key]) => edits || !key.includes("Z"))
              .map(([key, what]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p class="soft">
        {edits &&
          "Edits are kept in the run's folder (edits.jsonl) as soon as they are made; `assign` and `export` honour them. "}
        The address of this page says what is shown: keep it to come back.
      </p>
    </dialog>
  );
}
