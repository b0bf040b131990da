// Training and use of autoencoders against PyTorch on the CPU: two threads, MNIST, minibatches of 256, Adam.
import { fileURLToPath } from "node:url";
import { dataFolder } from "../samples.mjs";
import { comparePairs, measure, pythonWith, skip } from "./pairs.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const threads = 2;
const pairs = Number(process.env.PAIRS ?? 3);

const training = {
  what: "training loss, mean over the minibatches of the second epoch",
  note: "Inside both times: two whole epochs, with orders, minibatches and updates; the first minibatch is not warmed up. Inside ours alone: copying the images into the session. Outside both: reading, making the network (ours: compiling it and its session; PyTorch's: converting the images to floats).",
};
const encoding = {
  what: "mean square of the codes (the same weights on both sides)",
  note: "Inside both times: every image to its code, nothing warmed up; ours takes bytes and scales them in the network. Outside both: reading, making the network (PyTorch's: converting the images to floats).",
};

const cases = [
  { name: "train W1 dense 784-784-64-32-3, two epochs", network: "W1", work: "train" },
  { name: "train W2 dense 784-500-500-2000-10, two epochs", network: "W2", work: "train" },
  { name: "train W3 convolutional 32-64-128-10, two epochs", network: "W3", work: "train" },
  { name: "encode 70000 images, W2", network: "W2", work: "encode" },
  { name: "encode 70000 images, W3", network: "W3", work: "encode" },
];

/** CASES=W1,W2 runs those networks alone. */
const wanted = process.env.CASES?.split(",");

export async function run() {
  const python = pythonWith("torch");
  for (const { name, network, work } of cases) {
    if (wanted && !wanted.includes(network)) continue;
    if (!dataFolder) {
      skip(name, "the MNIST data set", "set UNLABELED_DATA to the folder that holds mnist/");
    } else if (!python) {
      skip(
        name,
        "PyTorch",
        "apt-get install python3-torch libopenblas0-pthread, or pip install torch; PYTHON names the python that has it",
      );
    } else {
      compare(name, python, { network, work, threads, epochs: 2, batch: work === "train" ? 256 : 1024 });
    }
  }
}

function compare(name, python, task) {
  const { what, note } = task.work === "train" ? training : encoding;
  comparePairs({
    name,
    what,
    note,
    pairs,
    ours: () => measure(process.execPath, [here("training-ours.mjs"), JSON.stringify(task)]),
    peers: { "two threads": () => theirs(python, task) },
  });
}

function theirs(python, task) {
  return measure(python, [here("training_torch.py"), JSON.stringify(task)], {
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
    // Otherwise waiting threads of OpenMP and of BLAS keep each other from the cores: three times slower.
    OMP_WAIT_POLICY: "passive",
  });
}
