import type { ElbowRecord, RunRecord, RunSettings, SourceRecord } from "../../experiment/index.ts";
import { type Html, html } from "../html.ts";
import type { Section } from "../part.ts";
import { definitions } from "../pieces.ts";
import { itemOf } from "../words.ts";

/** How to get the same numbers again: commands, seed, versions, digest of the images. */
export function repeatSection(results: readonly RunRecord[], shown: RunRecord): Section {
  const { environment, source } = shown;
  const commands = [commandLine(results)];
  if (results.length === 1 && shown.run !== undefined) commands.push(`unlabeled repeat ${quoted(shown.run)}`);
  const body = html`<p>${sameness(results)}</p>
${commands.map(commandBox)}
${definitions([
  ["Program", `unlabeled ${environment.unlabeled}`],
  ["Random numbers", environment.random],
  ["Runtime", environment.runtime],
  ["Made", environment.createdAt],
  shown.run === undefined ? undefined : ["Run folder", shown.run],
  [digestTerm(source), html`<code class="digest">${source.sha256}</code>`],
])}`;
  return { id: "repeat", title: "Do it again", body };
}

function digestTerm(source: SourceRecord): string {
  return `Digest of the ${itemOf(source)}s`;
}

function sameness(results: readonly RunRecord[]): string {
  const { environment } = results.find(({ training }) => training !== undefined) ?? {};
  if (environment === undefined)
    return "The same command gives the same clusters; the number of threads does not matter.";
  return `On the same machine and with the same number of threads (here ${environment.threads}) the same command gives the same clusters. Elsewhere a network’s sums are rounded in another order, and its clusters may differ a little.`;
}

/** How to draw a curve over k again. */
export function elbowRepeat(elbow: ElbowRecord): Section {
  const options: (readonly [string, string] | undefined)[] = [
    ["--method", elbow.method],
    ["--from", `${Math.min(...elbow.k)}`],
    ["--to", `${Math.max(...elbow.k)}`],
    ["--seed", `${elbow.seed}`],
    ...(elbow.settings ? settingsOptions([elbow.settings]) : []),
  ];
  const body = html`${commandBox(["unlabeled elbow", sourceWordsFor(elbow.source), ...optionWords(options)].join(" "))}
${definitions([[digestTerm(elbow.source), html`<code class="digest">${elbow.source.sha256}</code>`]])}`;
  return { id: "repeat", title: "Do it again", body };
}

/** The command that makes these runs: `cluster` for one method, `compare` for several. */
function commandLine(results: readonly RunRecord[]): string {
  const [first] = results;
  if (first === undefined) return "";
  const methods = [...new Set(results.map(({ requested }) => requested))];
  const seeds = [...new Set(results.map(({ seed }) => seed))];
  const { clusters, scored } = first;
  const options: (readonly [string, string] | undefined)[] = [
    methods.length === 1 ? ["--method", methods[0] ?? ""] : ["--methods", methods.join(",")],
    ["--clusters", `${clusters}`],
    ["--seed", `${Math.min(...seeds)}`],
    seeds.length > 1 ? ["--runs", `${seeds.length}`] : undefined,
    ...settingsOptions(results.map(({ settings }) => settings)),
    scored && (["--score", scored.split] as const),
  ];
  const command = methods.length === 1 ? "unlabeled cluster" : "unlabeled compare";
  return [command, sourceWordsFor(first.source), ...optionWords(options)].join(" ");
}

/**
 * Options that give several runs their settings. What differs between them follows from their methods, unasked; wishes
 * for a network or a mixture stand only in the settings of those that have one.
 */
function settingsOptions(
  settings: readonly RunSettings[],
): readonly (readonly [string, string] | undefined)[] {
  const option = (name: string, value: number | string | undefined): readonly [string, string] | undefined =>
    value === undefined ? undefined : [name, `${value}`];
  const common = (name: string, key: "init" | "restarts" | "maxIterations" | "tolerance") => {
    const values = new Set(settings.map((one) => one[key]));
    return values.size === 1 ? option(name, settings[0]?.[key]) : undefined;
  };
  const network = settings.find((one) => one.network)?.network ?? {};
  return [
    common("--init", "init"),
    common("--restarts", "restarts"),
    common("--max-iterations", "maxIterations"),
    common("--tolerance", "tolerance"),
    option("--covariance", settings.find((one) => one.covariance)?.covariance),
    option("--neighbors", settings.find((one) => one.neighbors)?.neighbors),
    option("--resolution", settings.find((one) => one.resolution)?.resolution),
    option("--epochs", network.epochs),
    option("--code-size", network.codeSize),
    option("--widths", network.widths?.join(",")),
    option("--loss", network.loss),
    option("--batch", network.batch),
    option("--learning-rate", network.learningRate),
    option("--encoder", network.encoder),
  ];
}

function sourceWordsFor(source: SourceRecord): string {
  const option = (flag: string, value: string | undefined): readonly [string, string] | undefined =>
    value === undefined ? undefined : [flag, value];
  const options: (readonly [string, string] | undefined)[] = [
    ["--split", source.split],
    source.limit === undefined ? undefined : ["--limit", `${source.limit}`],
    source.size === undefined ? undefined : ["--size", `${source.size}`],
    option("--fit", source.fit),
    option("--shape", source.shape),
    option("--scaling", source.scaling),
    option("--id-column", source.idColumn),
    option("--label-column", source.labelColumn),
    option("--max-bad", source.maxBad),
  ];
  return [quoted(source.location), ...optionWords(options), ...(source.grey ? ["--grey"] : [])].join(" ");
}

function optionWords(options: readonly (readonly [string, string] | undefined)[]): readonly string[] {
  return options.flatMap((option) => (option === undefined ? [] : [`${option[0]} ${quoted(option[1])}`]));
}

// Single quotes stop every expansion in a POSIX shell; a quote inside ends, escapes and reopens them.
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

function commandBox(command: string): Html {
  return html`<pre><code>${command}</code></pre>`;
}
