import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LiveChoices, StartOption, StartRequest } from "../../src/explorer/protocol.ts";
import { Asked } from "../parts/parts.tsx";
import { askLive } from "../state/client.ts";
import type { Loaded } from "../state/run-session.ts";
import { faultText } from "../state/words.ts";
import { startRun } from "./live.ts";

type Method = LiveChoices["methods"][number];

/** What the select has for a method that is spelled out. */
const OTHER = "…";

/** What is asked of a new run. */
export function StartForm({ first }: { first: StartRequest | null }): VNode {
  const [choices, setChoices] = useState<Loaded<LiveChoices>>({ state: "loading" });
  const [attempt, setAttempt] = useState(0);
  // asked again at each attempt.
  useEffect(() => {
    let over = false;
    askLive<LiveChoices>("choices").then(
      (value) => !over && setChoices({ state: "ready", value }),
      (error) => !over && setChoices({ state: "failed", error: faultText(error) }),
    );
    return () => {
      over = true;
    };
  }, [attempt]);
  return (
    <Asked of={choices} what="Looking what there is …" retry={() => setAttempt(attempt + 1)}>
      {(there) => <Fields choices={there} first={first} />}
    </Asked>
  );
}

function Fields({ choices, first }: { choices: LiveChoices; first: StartRequest | null }): VNode {
  const given = first?.options ?? {};
  const named = choices.methods.some(({ name }) => name === given.method);
  const [source, setSource] = useState(first?.source ?? "strokes");
  const [chosen, setChosen] = useState(given.method === undefined || named ? (given.method ?? "") : OTHER);
  const [spelled, setSpelled] = useState(named ? "" : (given.method ?? ""));
  const [how, setHow] = useState<"usual" | "auto" | "number">(
    given.clusters === undefined ? "usual" : given.clusters === "auto" ? "auto" : "number",
  );
  const [clusters, setClusters] = useState(given.clusters === "auto" ? "10" : (given.clusters ?? "10"));
  const [texts, setTexts] = useState<Readonly<Partial<Record<StartOption, string>>>>(given);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const method = chosen === OTHER ? spelled : chosen;
  const described = choices.methods.find(({ name }) => name === (method || "pixels+kmeans"));
  const trains = chosen === OTHER || described?.trains === true;

  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const wanted: Partial<Record<StartOption, string>> = {
      method,
      clusters: how === "usual" ? "" : how === "auto" ? "auto" : clusters || "?",
      seed: texts.seed ?? "",
      epochs: trains ? (texts.epochs ?? "") : "",
      limit: texts.limit ?? "",
    };
    const options = Object.fromEntries(Object.entries(wanted).filter(([, text]) => text !== ""));
    try {
      await startRun({ source, options });
    } catch (failure) {
      setError(faultText(failure));
      setBusy(false);
    }
  };
  const field = (name: StartOption, label: string): VNode => (
    <Field
      label={label}
      hint={`${choices.options[name].help} (usually: ${choices.options[name].usual})`}
      id={`start-${name}`}
    >
      <input
        id={`start-${name}`}
        aria-describedby={`start-${name}-hint`}
        inputMode="numeric"
        value={texts[name] ?? ""}
        onInput={(event) => setTexts({ ...texts, [name]: event.currentTarget.value })}
      />
    </Field>
  );
  return (
    <form class="start-form" onSubmit={start} noValidate>
      <Field
        label="Source"
        hint="One of these sets, or the path of a folder of images, or of a file (IDX, .npy, .csv, .parquet, .zip), on the machine of the server."
        id="start-source"
      >
        <input
          id="start-source"
          aria-describedby="start-source-hint"
          value={source}
          onInput={(event) => setSource(event.currentTarget.value)}
          autocomplete="off"
          spellcheck={false}
        />
        <fieldset class="start-sets">
          <legend class="hidden">Named sets</legend>
          {choices.sources.map(({ name, meaning, here }) => (
            <button
              key={name}
              type="button"
              aria-pressed={source === name}
              title={meaning}
              onClick={() => setSource(name)}
            >
              {name}
              {!here && " (would be downloaded)"}
            </button>
          ))}
        </fieldset>
      </Field>
      <Field
        label="Method"
        hint={described?.meaning ?? "features+clusterer, as the command line has it"}
        id="start-method"
      >
        <select
          id="start-method"
          aria-describedby="start-method-hint"
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
        >
          <option value="">as usual: pixels+kmeans; of vectors vectors+kmeans</option>
          {groupsOf(choices.methods).map(([label, methods]) => (
            <optgroup key={label} label={label}>
              {methods.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
          <option value={OTHER}>another, spelled out …</option>
        </select>
        {chosen === OTHER && (
          <input
            aria-label="The method, spelled out"
            placeholder="e.g. pca:hog+umap+graph"
            value={spelled}
            onInput={(event) => setSpelled(event.currentTarget.value)}
            autocomplete="off"
            spellcheck={false}
          />
        )}
      </Field>
      <Field
        label="Number of clusters"
        hint={`${choices.options.clusters.help} (usually: ${choices.options.clusters.usual})`}
        id="start-clusters"
      >
        <span class="joined">
          <select
            id="start-clusters"
            aria-describedby="start-clusters-hint"
            value={how}
            onChange={(event) => setHow(event.currentTarget.value as typeof how)}
          >
            <option value="usual">as usual</option>
            <option value="number">a number</option>
            <option value="auto">auto: found by criteria</option>
          </select>
          {how === "number" && (
            <input
              aria-label="How many clusters"
              inputMode="numeric"
              class="short"
              value={clusters}
              onInput={(event) => setClusters(event.currentTarget.value)}
            />
          )}
        </span>
      </Field>
      <div class="start-row">
        {trains && field("epochs", "Epochs")}
        {field("limit", "Limit")}
        {field("seed", "Seed")}
      </div>
      {error !== null && (
        <p class="start-error" role="alert">
          {error}
        </p>
      )}
      <p class="start-go">
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Starting …" : "Start"}
        </button>
        <span class="soft">
          It is written to a new folder in <code>{choices.folder}</code>, as by <code>unlabeled cluster</code>
          ; nothing is replaced.
        </span>
      </p>
    </form>
  );
}

function Field({
  label,
  hint,
  id,
  children,
}: {
  label: string;
  hint: string;
  id: string;
  children: ComponentChildren;
}): VNode {
  return (
    <div class="start-field">
      <label for={id}>{label}</label>
      {children}
      <p class="soft" id={`${id}-hint`}>
        {hint.replace(/^./, (letter) => letter.toUpperCase())}
      </p>
    </div>
  );
}

/** Methods under headings, in the order in which the program lists them. */
function groupsOf(methods: readonly Method[]): readonly (readonly [string, readonly Method[]])[] {
  const headed: Record<string, Method[]> = {};
  for (const method of methods) {
    const heading =
      method.name === "auto"
        ? "Recipe of our choice"
        : method.takes === "vectors"
          ? "Of vectors"
          : method.trains
            ? "A network is trained"
            : "Without a network";
    headed[heading] ??= [];
    headed[heading].push(method);
  }
  return Object.entries(headed);
}
