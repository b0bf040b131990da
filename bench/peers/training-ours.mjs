// One measured training or encoding of ours: node training-ours.mjs '{"network", "work": "train" | "encode", "epochs", "batch", "threads"}'
// Outside the time, as for the peer: reading, and making the network (compiling the model, its session). Inside: copying
// the images into the session, and every epoch with its order, its minibatches and updates.
import { openRuntime } from "unlabeled";
import { asImages, encode, train } from "../networks.mjs";
import { mnistAll, mnistTrain } from "../samples.mjs";

const task = JSON.parse(process.argv[2]);
const runtime = await openRuntime({ threads: task.threads });
const measured =
  task.work === "train"
    ? await train(runtime, task.network, asImages(mnistTrain()), task)
    : await encode(runtime, task.network, asImages(mnistAll()), task);
runtime.close();
console.log(
  JSON.stringify({
    program: `${runtime.name} ${runtime.version}`,
    seconds: measured.seconds,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    quality: measured.loss ?? measured.meanSquare,
  }),
);
