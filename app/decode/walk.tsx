/** A walk on the straight line between two codes, which leaves the plane where its ends lie outside of it. */
import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CodeView, DecodeRequest, EditState, RunView } from "../../src/explorer/protocol.ts";
import { Failure, Waiting } from "../parts/parts.tsx";
import { saveAs } from "../parts/save-as.ts";
import { goTo } from "../state/address.ts";
import type { Loaded, RunSession } from "../state/run-session.ts";
import { clusterLabel } from "../state/words.ts";
import { endOf, endWords, placeText, placeWords } from "./ends.ts";
import { type Decoded, useDecoded } from "./use-decoded.ts";

const stepChoices = [9, 10, 11, 12, 13, 14, 15];

/** From where to where, and in how many images. */
function WalkChoices({
  view,
  edits,
  clusters,
  walk,
  steps,
  place,
}: {
  view: RunView;
  edits: EditState | null;
  clusters: EditState["clusters"];
  walk: readonly [string, string];
  steps: number;
  place: readonly number[] | null;
}): VNode {
  const choose = (which: 0 | 1, end: string): void =>
    goTo({ walk: which === 0 ? [end, walk[1]] : [walk[0], end] });
  return (
    <>
      {([0, 1] as const).map((which) => (
        <EndChoice
          key={which}
          label={which === 0 ? "Walk from" : "to"}
          end={walk[which]}
          {...{ view, edits, clusters, place }}
          onChoose={(end) => choose(which, end)}
        />
      ))}
      <label class="inline-label">
        <span>in</span>
        <select
          aria-label="Images of the walk"
          value={String(steps)}
          onChange={(event) => goTo({ stops: Number(event.currentTarget.value) })}
        >
          {[...new Set([...stepChoices, steps])]
            .sort((a, b) => a - b)
            .map((n) => (
              <option key={n} value={String(n)}>
                {n} images
              </option>
            ))}
        </select>
      </label>
      <button type="button" class="quiet" onClick={() => goTo({ walk: [walk[1], walk[0]] })}>
        Turn round
      </button>
    </>
  );
}

function EndChoice({
  label,
  end,
  view,
  edits,
  clusters,
  place,
  onChoose,
}: {
  label: string;
  end: string;
  view: RunView;
  edits: EditState | null;
  clusters: EditState["clusters"];
  place: readonly number[] | null;
  onChoose: (end: string) => void;
}): VNode {
  const now = endOf(end);
  const here = place && placeText(place);
  // What is being typed: pictures that arrive meanwhile draw the page anew, and must not take it away.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <div class="walk-end">
      <label class="inline-label">
        <span>{label}</span>
        <select
          aria-label={`Walk ${label === "to" ? "to" : "from"}`}
          value={now.kind === "image" ? "image" : end}
          onChange={({ currentTarget: { value } }) =>
            onChoose(value === "image" ? `i${now.kind === "image" ? now.image : 0}` : value)
          }
        >
          <optgroup label="centers">
            {clusters.map(({ cluster, name }) => (
              <option key={cluster} value={`c${cluster}`}>
                cluster {clusterLabel(cluster, name)}
              </option>
            ))}
          </optgroup>
          <option value="image">an image …</option>
          {now.kind === "place" && <option value={end}>{endWords(end, edits)}</option>}
          {here && here !== end && <option value={here}>this place ({placeWords(place)})</option>}
          {now.kind === "cluster" && !clusters.some(({ cluster }) => cluster === now.cluster) && (
            <option value={end}>{endWords(end, edits)}</option>
          )}
        </select>
      </label>
      {now.kind === "image" && (
        <input
          type="number"
          aria-label={`Walk ${label === "to" ? "to" : "from"} image`}
          min={0}
          max={view.count - 1}
          value={typed ?? now.image}
          onInput={({ currentTarget: { value } }) => setTyped(value)}
          onChange={({ currentTarget: { value } }) => {
            setTyped(null);
            const image = Number(value);
            if (Number.isInteger(image) && image >= 0 && image < view.count) onChoose(`i${image}`);
          }}
        />
      )}
    </div>
  );
}

/** The images of the walk, and the one at any place of it. */
export function WalkStrip({
  session,
  view,
  edits,
  clusters,
  place,
  walk,
  ends,
  steps,
  on,
  onSlide,
}: {
  session: RunSession;
  view: RunView;
  edits: EditState | null;
  clusters: EditState["clusters"];
  place: readonly number[] | null;
  walk: readonly [string, string] | null;
  ends: Loaded<readonly [CodeView, CodeView]>;
  steps: number;
  on: number;
  onSlide: (on: number) => void;
}): VNode | null {
  const line = ends.state === "ready" ? ends.value : null;
  const whole = useMemo(
    (): DecodeRequest | null =>
      line && {
        line: { from: line[0].code, to: line[1].code },
        at: Array.from({ length: steps }, (_, i) => i / (steps - 1)),
        columns: steps,
      },
    [line, steps],
  );
  const single = useMemo(
    (): DecodeRequest | null =>
      line && { line: { from: line[0].code, to: line[1].code }, at: [on], columns: 1 },
    [line, on],
  );
  const strip = useDecoded(session, whole);
  const large = useDecoded(session, single);
  if (walk === null) return null;
  const failed = ends.state === "failed" ? ends.error : strip.error;
  const drawn = strip.decoded && "at" in strip.decoded.request ? strip.decoded.request.at.length : 0;
  const title = `From ${endWords(walk[0], edits)} to ${endWords(walk[1], edits)}`;
  return (
    <section class="walk-strip" aria-label="Walk">
      <figure class="walk-large">
        {large.decoded ? (
          <img
            class="picture pixelated"
            src={large.decoded.url}
            alt={`What is drawn ${Math.round(on * 100)} % of the way ${title.toLowerCase()}`}
          />
        ) : (
          <span class="no-picture" />
        )}
      </figure>
      <div class="walk-line">
        <header>
          <h2 class="hidden">{title}</h2>
          <WalkChoices {...{ view, edits, clusters, walk, steps, place }} />
          <button
            type="button"
            class="push"
            disabled={!strip.decoded}
            onClick={() => strip.decoded && view.image && void saveWalk(strip.decoded, drawn, view, title)}
          >
            Save the walk as PNG
          </button>
        </header>
        {failed && <Failure text={failed} />}
        {!strip.decoded && !failed && <Waiting what="The walk is being drawn …" />}
        {strip.decoded && view.image && (
          <ol class="walk-images" style={{ gridTemplateColumns: `repeat(${drawn}, minmax(34px, 1fr))` }}>
            {Array.from({ length: drawn }, (_, i) => (
              // the images are told apart by their place alone.
              <li key={i}>
                <button
                  type="button"
                  class="tile"
                  aria-label={`Step ${i + 1} of ${drawn}`}
                  aria-pressed={Math.abs(on - i / (drawn - 1)) < 0.5 / (drawn - 1) / 10}
                  onClick={() => onSlide(i / (drawn - 1))}
                >
                  <Cut
                    of={strip.decoded as Decoded}
                    at={i}
                    size={view.image as NonNullable<RunView["image"]>}
                  />
                </button>
              </li>
            ))}
          </ol>
        )}
        <input
          type="range"
          aria-label="Place on the walk"
          aria-valuetext={`${Math.round(on * 100)} %`}
          min={0}
          max={1}
          step={0.01}
          value={on}
          onInput={(event) => onSlide(Number(event.currentTarget.value))}
        />
      </div>
    </section>
  );
}

/** One picture of a strip. */
function Cut({
  of,
  at,
  size: { height, width },
}: {
  of: Decoded;
  at: number;
  size: NonNullable<RunView["image"]>;
}): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [, setDrawn] = useState(0);
  // drawn when the strip has been decoded by the browser.
  useEffect(() => {
    let over = false;
    bitmapOf(of).then((bitmap) => {
      const context = canvas.current?.getContext("2d");
      if (over || !context) return;
      context.drawImage(bitmap, at * width, 0, width, height, 0, 0, width, height);
      setDrawn((n) => n + 1);
    });
    return () => {
      over = true;
    };
  }, [of, at, width, height]);
  return <canvas ref={canvas} class="picture pixelated" width={width} height={height} />;
}

const bitmaps = new WeakMap<Blob, Promise<ImageBitmap>>();
function bitmapOf({ blob }: Decoded): Promise<ImageBitmap> {
  const known = bitmaps.get(blob) ?? createImageBitmap(blob);
  bitmaps.set(blob, known);
  return known;
}

/** The walk as a picture of its own: its images in a row, and what it goes between. */
async function saveWalk(strip: Decoded, steps: number, view: RunView, title: string): Promise<void> {
  const { height = 1, width = 1 } = view.image ?? {};
  const bitmap = await bitmapOf(strip);
  const scale = Math.max(1, Math.round(96 / Math.max(height, width)));
  const [wide, tall, gap, top] = [width * scale, height * scale, 6, 40];
  const canvas = document.createElement("canvas");
  canvas.width = steps * (wide + gap) + gap;
  canvas.height = tall + top + gap;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#1a1d21";
  context.font = "600 16px system-ui,sans-serif";
  context.textBaseline = "middle";
  context.fillText(
    `${view.name}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    gap,
    top / 2,
    canvas.width - 2 * gap,
  );
  context.imageSmoothingEnabled = false;
  for (let i = 0; i < steps; i++) {
    context.drawImage(bitmap, i * width, 0, width, height, gap + i * (wide + gap), top, wide, tall);
  }
  canvas.toBlob((blob) => blob && saveAs(blob, `${view.name.replaceAll(/[^\w.-]+/g, "-")}-walk.png`));
}
