import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LiveRunFacts, LiveState } from "../../src/explorer/protocol.ts";
import { Plane } from "../charts/plane.tsx";
import { Swatch } from "../parts/parts.tsx";
import { askLiveBytes } from "../state/client.ts";
import { images } from "../state/words.ts";
import { isOver } from "./live.ts";

/** Milliseconds for which an epoch is shown when all are played. */
const PLAY_EVERY = 700;

type Colours = "class" | "group" | "none";

/** What an epoch looks like. */
interface Step {
  readonly epoch: number;
  readonly places: Float32Array;
  readonly groups: Int32Array | null;
}

/** Where a sample of the images lies after each epoch; the last one, unless another is chosen. */
export function UnfoldingMap({ state, made }: { state: LiveState; made: LiveRunFacts }): VNode {
  const seen = state.epochs.filter((one) => one.seen);
  const [chosen, setChosen] = useState<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const [colours, setColours] = useState<Colours>(made.classNames ? "class" : "group");
  const classes = useClasses(state.id, made.classNames !== null);
  const at =
    chosen === null
      ? seen.length - 1
      : Math.max(
          0,
          seen.findIndex(({ epoch }) => epoch >= chosen),
        );
  const entry = seen[at];
  const step = useStep(state.id, entry?.epoch ?? null, entry?.grouped === true);

  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      const next = seen[at + 1];
      if (next) setChosen(next.epoch);
      else {
        setPlaying(false);
        setChosen(null);
      }
    }, PLAY_EVERY);
    return () => clearTimeout(timer);
  }, [playing, at, seen.length]);

  if (!step || !entry) {
    return (
      <p class="soft plane-empty">
        After the first epoch, {images(made.sample)} appear here as points: near each other where the network
        finds them alike.
      </p>
    );
  }
  const hasGroups = seen.some(({ grouped }) => grouped);
  const groups = colours === "class" ? classes : colours === "group" ? step.groups : null;
  const words = colours === "class" ? "class" : colours === "group" ? "cluster" : "nothing";
  return (
    <>
      <Plane
        places={step.places}
        groups={groups}
        label={`${images(made.sample)} in the plane of their codes after epoch ${step.epoch}, coloured by ${words}.`}
      />
      <div class="plane-tools">
        <button
          type="button"
          disabled={seen.length < 2}
          onClick={() => {
            if (!playing) setChosen(seen[0]?.epoch ?? null);
            setPlaying(!playing);
          }}
        >
          {playing ? "Stop" : "Play from the first"}
        </button>
        <label class="inline-label">
          <span>Epoch</span>
          <input
            type="range"
            min={0}
            max={Math.max(0, seen.length - 1)}
            value={at}
            disabled={seen.length < 2}
            aria-valuetext={`epoch ${entry.epoch}`}
            onInput={(event) => {
              const index = Number(event.currentTarget.value);
              setPlaying(false);
              setChosen(index >= seen.length - 1 ? null : (seen[index]?.epoch ?? null));
            }}
          />
          <output class="number">{entry.epoch}</output>
        </label>
        <label class="inline-label">
          <span>Colours</span>
          <select value={colours} onChange={(event) => setColours(event.currentTarget.value as Colours)}>
            {made.classNames && <option value="class">class</option>}
            {hasGroups && <option value="group">cluster</option>}
            <option value="none">none</option>
          </select>
        </label>
      </div>
      {colours === "class" && made.classNames && made.classNames.length <= 24 && (
        <ul class="plane-key" aria-label="Classes">
          {made.classNames.map((name, i) => (
            <li key={name}>
              <Swatch group={i} /> {name}
            </li>
          ))}
        </ul>
      )}
      <p class="soft">
        {made.sample < made.count
          ? `${images(made.sample)} of ${made.count.toLocaleString("en")}, evenly spaced, in`
          : "In"}{" "}
        the two directions in which their codes differ most; each epoch is turned to lie as nearly as can be
        on the one before.
        {colours === "group" &&
          " Clusters are those of K-Means on the codes of that epoch; the run finds its own at the end."}
        {colours === "class" && " Classes are shown to you; training does not see them."}
        {chosen === null && !isOver(state) && " The newest epoch is shown as it comes."}
      </p>
    </>
  );
}

/** Places of an epoch; the ones before stay until they are there. */
function useStep(id: string, epoch: number | null, grouped: boolean): Step | null {
  const [step, setStep] = useState<Step | null>(null);
  useEffect(() => {
    if (epoch === null) return;
    let over = false;
    const groups = grouped ? askLiveBytes(`${id}/groups/${epoch}`) : Promise.resolve(null);
    Promise.all([askLiveBytes(`${id}/places/${epoch}`), groups]).then(
      ([places, found]) => {
        if (over) return;
        setStep({
          epoch,
          places: new Float32Array(places),
          groups: found && new Int32Array(found),
        });
      },
      () => {}, // forgotten by now, or the server is gone, which is said elsewhere: what is shown stays
    );
    return () => {
      over = true;
    };
  }, [id, epoch, grouped]);
  return step;
}

function useClasses(id: string, known: boolean): Int32Array | null {
  const [classes, setClasses] = useState<Int32Array | null>(null);
  useEffect(() => {
    if (!known) return;
    let over = false;
    askLiveBytes(`${id}/classes`).then(
      (bytes) => !over && setClasses(new Int32Array(bytes)),
      () => {}, // then there are no colours
    );
    return () => {
      over = true;
    };
  }, [id, known]);
  return classes;
}
