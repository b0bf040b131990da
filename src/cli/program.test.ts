import { describe, expect, test } from "vitest";
import { panelCriteria } from "../number-of-clusters/index.ts";
import { availableMethods } from "../pipeline/index.ts";
import { commands } from "./commands.ts";
import { record } from "./testing/recorder.ts";

const oneLine = /^[^\n]+\n$/;
const dense = ["cluster", "tiny", "--method", "dense-ae+kmeans"];

describe("the command line", () => {
  test("shows help, examples first, without words and with --help", async () => {
    const bare = await record([]);
    const asked = await record(["--help"]);
    expect(bare).toEqual(asked);
    expect(asked.exitCode).toBe(0);
    expect(asked.out.startsWith("Examples:\n  unlabeled compare strokes\n")).toBe(true);
    for (const { name } of commands) expect(asked.out).toContain(name.split(" ")[0]);
  });

  test.each(commands.map(({ name }) => name))(
    "help of %s shows an example, every flag and every default",
    async (name) => {
      const { out, exitCode } = await record([...name.split(" "), "--help"]);
      const command = commands.find((one) => one.name === name);
      expect(exitCode).toBe(0);
      expect(out.startsWith(`Examples:\n  ${command?.examples[0]}\n`)).toBe(true);
      const text = out.replace(/\s+/g, " ");
      for (const spec of Object.values(command?.options ?? {})) {
        expect(text).toContain(spec.flags);
        if (spec.type !== "switch")
          expect(text).toContain(`(default: ${("usual" in spec && spec.usual) || spec.default})`);
      }
    },
  );

  test("help of each command that clusters names every method that there is", async () => {
    for (const command of ["cluster", "compare", "elbow"]) {
      const { out } = await record([command, "--help"]);
      const text = out.replace(/\s+/g, " ");
      for (const word of availableMethods().flatMap((method) => method.split("+"))) {
        expect(text).toMatch(new RegExp(`[ ,]${word}[ ,]`));
      }
    }
  });

  test("help of elbow names every criterion that there is", async () => {
    const { out } = await record(["elbow", "--help"]);
    const text = out.replace(/\s+/g, " ");
    for (const criterion of panelCriteria) expect(text).toMatch(new RegExp(`[ ,]${criterion}[ ,]`));
  });

  test("tells its version", async () => {
    expect(await record(["--version"])).toMatchObject({ exitCode: 0, out: "1.2.3\n", error: "" });
  });

  test.each([
    [["clutser", "tiny"], 'got "clutser". Did you mean "cluster"?'],
    [["data", "ftech", "mnist"], 'must be one of list, fetch, path; got "ftech". Did you mean "fetch"?'],
    [["data"], "unlabeled data: a command must follow; got nothing"],
    [["help", "clutser"], 'got "clutser". Did you mean "cluster"?'],
    [["data", "help", "lst"], 'must be one of list, fetch, path; got "lst". Did you mean "list"?'],
    [["cluster", "tiny", "--out", "--json"], "--out must be a name that does not begin with -"],
    [["explore", "--port", "99999"], "--port must be an integer in 1..65535"],
    [["cluster"], "unlabeled cluster: <source> must be given; got nothing"],
    [["assign", "run"], "unlabeled assign: <source> must be given"],
    [["cluster", "tiny", "more"], "its words must be <source> and flags; got more"],
    [["cluster", "tiny", "--cluters", "5"], 'got "--cluters". Did you mean "--clusters"?'],
    [["cluster", "tiny", "--methods", "x"], 'got "--methods". Did you mean "--method"?'],
    [["cluster", "tiny", "--thorough"], "--thorough must go with the method auto; got pixels+kmeans."],
    [["cluster", "tiny", "--neighbors", "9"], "--neighbors must go with graph, consensus or umap"],
    [["cluster", "tiny", "--resolution", "2"], "--resolution must go with graph or consensus"],
    [
      ["cluster", "tiny", "--method", "pca+graph", "--init", "random"],
      "--init must go with kmeans, minibatch-kmeans or gmm",
    ],
    [
      ["cluster", "tiny", "--epochs=3"],
      "--epochs must go with a method that trains a network; got pixels+kmeans. Take features from vanilla-ae, dense-ae,",
    ],
    [["elbow", "tiny", "--learning-rate", "0.1"], "--learning-rate must go with a method that trains"],
    [
      ["compare", "tiny", "--methods", "pixels+kmeans", "--widths", "8"],
      "--widths must go with a method that trains a network",
    ],
    [["repeat", "run", "--epochs", "3"], 'the flag must be one that it has; got "--epochs"'],
    [[...dense, "--epochs", "0"], '--epochs must be an integer in 1..1000000; got "0"'],
    [[...dense, "--epochs", "ten"], '--epochs must be an integer in 1..1000000; got "ten"'],
    [[...dense, "--code-size", "-2"], '--code-size must be an integer in 1..65536; got "-2"'],
    [
      [...dense, "--widths", "32;16"],
      '--widths must be integers in 1..65536, separated by commas; got "32;16"',
    ],
    [[...dense, "--widths", "32,"], 'separated by commas; got "32,"'],
    [[...dense, "--widths", "32,0"], 'separated by commas; got "32,0"'],
    [[...dense, "--widths", "[32,16]"], 'separated by commas; got "[32,16]"'],
    [[...dense, "--widths", "9,8,7,6,5,4,3,2,1,2,3,4,5"], "widths of dense-ae must be 1 to 12 numbers"],
    [
      ["compare", "tiny", "--methods", "dense-ae+kmeans,vanilla-ae+kmeans", "--widths", "8"],
      "unlabeled compare: widths of vanilla-ae must be 0 numbers",
    ],
    [[...dense, "--loss", "mae"], '--loss must be one of mse, bce; got "mae"'],
    [[...dense, "--batch", "0"], "--batch must be an integer in 1..1000000"],
    [[...dense, "--learning-rate", "0"], '--learning-rate must be a number above 0; got "0"'],
    [[...dense, "--learning-rate", "-1e-3"], "--learning-rate must be a number above 0"],
    [[...dense, "--learning-rate", "fast"], '--learning-rate must be a number above 0; got "fast"'],
    [["cluster", "tiny", "--method", "conv_ae+kmeans"], 'got "conv_ae". Did you mean "conv-ae"?'],
    [["cluster", "tiny", "--method", "conv-ae"], "must be spelled features+clusterer"],
    [["resume"], "unlabeled resume: <partial> must be given; got nothing"],
    [["resume", "nowhere"], '"nowhere.partial" must be the folder of an interrupted run; got nothing there'],
    [["resume", "nowhere", "--epochs", "3"], 'the flag must be one that it has; got "--epochs"'],
    [["cluster", "tiny", "--clusters"], "--clusters <n|auto> must be followed by a value"],
    [["cluster", "tiny", "--clusters", "0"], '--clusters must be an integer in 1..1000000 or auto; got "0"'],
    [["cluster", "tiny", "--clusters", "2.5"], 'got "2.5"'],
    [["cluster", "tiny", "--clusters", "NaN"], 'got "NaN"'],
    [["cluster", "tiny", "--clusters", "Auto"], 'got "Auto"'],
    [
      ["cluster", "tiny", "--clusters", "61"],
      "--clusters must be an integer in 1..60 (the number of images); got 61",
    ],
    [["cluster", "tiny", "--seed", "-1"], '--seed must be an integer in 0..9007199254740991; got "-1"'],
    [["cluster", "tiny", "--seed", "9007199254740992"], "--seed must be an integer"],
    [
      ["cluster", "tiny", "--seed", "9007199254740991", "--runs", "2"],
      "--seed + --runs - 1 must be at most 9007199254740991",
    ],
    [["cluster", "tiny", "--tolerance", "-0.5"], "--tolerance must be a number of at least 0"],
    [["cluster", "tiny", "--tolerance", "Infinity"], "--tolerance must be a number of at least 0"],
    [["cluster", "tiny", "--threads", "257"], "--threads must be an integer in 1..256"],
    [["cluster", "tiny", "--split", "tset"], "--split must be one of all, train, test, validation, holdout"],
    [["cluster", "tiny", "--init", "pca"], "--init must be one of k-means++, random"],
    [["cluster", "tiny", "--method", "pixel+kmeans"], 'got "pixel". Did you mean "pixels"?'],
    [
      ["cluster", "tiny", "--init", "k-means"],
      '--init must be one of k-means++, random for pixels+kmeans; got "k-means"',
    ],
    [
      ["compare", "tiny", "--methods", "pixels+kmeans", "--covariance", "tied"],
      "--covariance must go with a mixture, e.g. conv-ae+gmm; got pixels+kmeans",
    ],
    [["compare", "tiny", "--methods", "pixels+kmeans,hogg+kmeans"], 'Did you mean "hog"?'],
    [["cluster", "tiny", "--out", ""], '--out must be a name; got ""'],
    [["elbow", "tiny", "--from", "5", "--to", "4"], "--to must be at least --from, 5; got 4"],
    [["elbow", "tiny", "--criteria", "gap,silhuette"], 'got "silhuette". Did you mean "silhouette"?'],
    [["elbow", "tiny", "--limit", "9"], "--to must be an integer in 1..9 (the number of images); got 20"],
    [["cluster", "nowhere"], 'got "nowhere"'],
    [["repeat", "nowhere"], '"nowhere" must be the folder of a run; got nothing there'],
  ])("%j is wrong usage: exit code 2, one line, nothing on stdout", async (words, message) => {
    const json = words[0] !== "data" && !words.at(-1)?.startsWith("--");
    const { exitCode, out, error } = await record(json ? [...words, "--json"] : words);
    expect(error).toContain(message);
    expect(error).toMatch(oneLine);
    expect(out).toBe("");
    expect(exitCode).toBe(2);
  });

  test("--debug shows the stack of an error", async () => {
    const { error, exitCode } = await record(["cluster", "nowhere", "--debug"]);
    expect(error).toContain("\n    at ");
    expect(exitCode).toBe(2);
  });

  test("a fault of the program ends with 1, one line, and the way to learn more", async () => {
    const open = (): never => {
      throw new TypeError("x is\nundefined");
    };
    const { error, exitCode, out } = await record(["cluster", "tiny"], { open });
    expect(error).toMatch(oneLine);
    expect(error).toContain("a fault of the program: x is undefined Run it again with --debug");
    expect(exitCode).toBe(1);
    expect(out).toBe("");
  });
});
