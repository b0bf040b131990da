import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { LiveState } from "../../src/explorer/protocol.ts";
import { measureLabel } from "../../src/presentation/index.ts";
import { LineChart } from "../charts/line-chart.tsx";
import { goTo, openedRun } from "../state/address.ts";
import { liveAddress } from "../state/client.ts";
import { count, duration, images, short } from "../state/words.ts";
import { Button, useWish } from "./button.tsx";
import { isOver } from "./live.ts";
import { UnfoldingMap } from "./unfolding-map.tsx";

const statusWords: Readonly<Record<LiveState["status"], string>> = {
  starting: "starting",
  running: "learning",
  pausing: "pauses at the next safe point …",
  paused: "paused",
  cancelling: "is brought to safety …",
  done: "done",
  cancelled: "cancelled",
  failed: "failed",
};

const stageWords: Readonly<Record<string, string>> = {
  cluster: "clusters",
  assign: "other images",
  exhibits: "pictures",
};

/** Rows of pictures that are shown at once. */
const ROWS = 6;

/** A run while it is made, and how it ended. */
export function LiveView({ state, onAnother }: { state: LiveState; onAnother: () => void }): VNode {
  const { made, request, status, stages, objective, epochs } = state;
  const over = isOver(state);
  const method = made?.method ?? request.options.method ?? "pixels+kmeans";
  return (
    <div class="live-view">
      <header class="live-head">
        <div>
          <h1>{method}</h1>
          <p class="soft">
            {made
              ? `${made.source} · ${images(made.count)} · ${made.clusters === "auto" ? "number of clusters found by criteria" : `${count(made.clusters)} clusters`} · seed ${made.seed}`
              : request.source}
          </p>
        </div>
        <span class={`live-status ${status}`} role="status">
          {statusWords[status]}
        </span>
        <Controls state={state} onAnother={onAnother} />
      </header>
      <Outcome state={state} />
      {!over && <Progress state={state} />}
      <ol class="live-stages" aria-label="Stages">
        {stages.map((stage, i) => (
          <li
            key={stage}
            aria-current={!over && i === stages.length - 1 ? "step" : undefined}
            class={over || i < stages.length - 1 ? "past" : "present"}
          >
            {stageWords[stage] ?? stage}
          </li>
        ))}
      </ol>
      {state.warnings.map((warning) => (
        <p key={warning} class="notice-line">
          {warning}
        </p>
      ))}
      <div class="plane-parts">
        {made !== null && made.pictures > 0 && (
          <section aria-label="The map as it unfolds">
            <h2>The map unfolds</h2>
            <UnfoldingMap state={state} made={made} />
          </section>
        )}
        <div class="plane-curves">
          {made !== null && made.pictures > 0 && (
            <section aria-label="Loss">
              <LossChart state={state} />
            </section>
          )}
          {objective !== null && objective.values.length > 0 && (
            <section aria-label="Clusters">
              <LineChart
                title={`${measureLabel(objective.name)} by iteration`}
                x={objective.iterations}
                xLabel="iteration"
                series={[
                  { label: measureLabel(objective.name), values: objective.values, colour: "var(--accent)" },
                ]}
              />
            </section>
          )}
          {made !== null && epochs.some(({ seen }) => seen) && <Pictures state={state} />}
          {made !== null && made.pictures === 0 && objective === null && !over && (
            <p class="soft">
              This method trains no network: there is nothing to see until its clusters are found.
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

function Controls({ state, onAnother }: { state: LiveState; onAnother: () => void }): VNode {
  const { id, status, run } = state;
  const [asking, setAsking] = useState(false);
  const [error, ask] = useWish(id);
  if (isOver(state)) {
    return (
      <div class="live-controls">
        {run !== null && (
          <Button primary onClick={() => goTo(openedRun(run))}>
            Open the run
          </Button>
        )}
        <Button onClick={onAnother}>Another run</Button>
      </div>
    );
  }
  const held = status === "paused" || status === "pausing";
  return (
    <div class="live-controls">
      {status !== "cancelling" && (
        <Button onClick={() => ask(held ? "go-on" : "pause")}>{held ? "Go on" : "Pause"}</Button>
      )}
      <Button onClick={() => setAsking(true)}>
        {status === "cancelling" ? "End at once …" : "Cancel …"}
      </Button>
      {error !== null && (
        <p class="start-error" role="alert">
          {error}
        </p>
      )}
      {asking && (
        <AskCancel
          again={status === "cancelling"}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            ask("cancel");
          }}
        />
      )}
    </div>
  );
}

/** Asks before a run is cancelled. */
function AskCancel({ again, onYes, onNo }: { again: boolean; onYes: () => void; onNo: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="cancel-title" onClose={onNo}>
      <h2 id="cancel-title">{again ? "End the run at once?" : "Cancel the run?"}</h2>
      {again ? (
        <p>It is being brought to safety. Ended at once, what it did since the last checkpoint is lost.</p>
      ) : (
        <p>
          It ends at the next safe point. Where a network has been trained, what it has learned is kept, and{" "}
          <code>unlabeled resume</code> goes on with it.
        </p>
      )}
      <p class="live-controls">
        <Button onClick={onNo}>Let it go on</Button>
        <Button primary onClick={onYes}>
          {again ? "End it at once" : "Cancel the run"}
        </Button>
      </p>
    </dialog>
  );
}

function Outcome({ state }: { state: LiveState }): VNode | null {
  const { status, error, resume, run, made } = state;
  if (status === "done") {
    return (
      <p class="live-outcome done">
        The run is whole, in <code>{made?.folder}</code>.
        {run === null && " The list of runs does not show it: it may have been moved."}
      </p>
    );
  }
  const goOn = resume !== null && (
    <>
      {" "}
      What was done is kept. Go on at a terminal: <code>{resume}</code>
    </>
  );
  if (status === "cancelled") {
    return (
      <p class="live-outcome">
        Cancelled.
        {goOn || " Nothing was done yet that could be gone on with."}
      </p>
    );
  }
  if (status !== "failed") return null;
  return (
    <p class="start-error" role="alert">
      {error}
      {goOn}
    </p>
  );
}

function Progress({ state }: { state: LiveState }): VNode {
  const { text, part, training, stages } = state;
  const left = training?.secondsLeft;
  const shown = stages.at(-1) === "features" && training !== null;
  return (
    <div class="live-progress">
      <progress
        {...(part === null ? {} : { value: part })}
        max={1}
        aria-label={stages.at(-1) ?? "starting"}
      />
      <span class="number">
        {shown
          ? [
              `epoch ${training.epoch} of ${training.epochs}`,
              `loss ${short(training.loss)}`,
              training.validationLoss === null ? "" : `validation loss ${short(training.validationLoss)}`,
              training.imagesPerSecond === null
                ? ""
                : `${count(Math.round(training.imagesPerSecond))} images/s`,
              left === null || left === undefined ? "" : `at most ${duration(left)} of training left`,
            ]
              .filter(Boolean)
              .join(" · ")
          : text}
      </span>
    </div>
  );
}

function LossChart({ state }: { state: LiveState }): VNode {
  const { losses, epochs, training } = state;
  const validated = new Map(epochs.map(({ epoch, validationLoss }) => [epoch, validationLoss] as const));
  const within = new Map(losses.at.map((at, i) => [at, losses.values[i] as number] as const));
  const x = [...new Set([...losses.at, ...validated.keys()])].sort((a, b) => a - b);
  if (x.length === 0) return <p class="soft">The loss is drawn here as soon as there is one.</p>;
  const last = training?.epochs ?? 1;
  return (
    <LineChart
      title="Loss by epoch"
      x={x}
      xLabel="epoch"
      xTicks={Array.from({ length: last + 1 }, (_, epoch) => epoch).filter(
        (epoch) => epoch <= (x.at(-1) ?? 0),
      )}
      series={[
        {
          label: "training",
          values: x.map((at) => within.get(at) ?? null),
          colour: "var(--accent)",
          bridged: true,
        },
        {
          label: "validation",
          values: x.map((at) => validated.get(at) ?? null),
          colour: "var(--class-1)",
          bridged: true,
        },
      ]}
    />
  );
}

/** Some images, and what the network makes of them after some epochs, the last one last. */
function Pictures({ state }: { state: LiveState }): VNode | null {
  const { made, epochs, id } = state;
  if (!made?.image) return null;
  const seen = epochs.filter((one) => one.seen).map(({ epoch }) => epoch);
  const step = Math.max(1, Math.ceil((seen.length - 1) / (ROWS - 1)));
  const shown = seen.filter((_, i) => (seen.length - 1 - i) % step === 0);
  const scale = Math.max(1, Math.min(8, Math.round(56 / made.image.width)));
  const width = made.image.width * made.pictures;
  const row = (epoch: number, label: string, alt: string): VNode => (
    <tr key={epoch}>
      <th scope="row">{label}</th>
      <td>
        <img
          src={liveAddress(`${id}/pictures/${epoch}.png?scale=${scale}`)}
          alt={alt}
          width={width * 2}
          height={made.image ? made.image.height * 2 : 0}
        />
      </td>
    </tr>
  );
  return (
    <section aria-label="Pictures">
      <h2>What the network draws</h2>
      <table class="live-pictures">
        <tbody>
          {row(0, "images", `${made.pictures} images as they are`)}
          {shown.map((epoch) =>
            row(epoch, `epoch ${epoch}`, `The same images, as the network draws them after epoch ${epoch}`),
          )}
        </tbody>
      </table>
    </section>
  );
}
