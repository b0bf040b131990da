import { expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { describeRuntimes } from "../testing/runtimes.ts";
import {
  type Checkpoint,
  type Trained,
  type TrainingContext,
  type TrainingProgram,
  type TrainingSettings,
  train,
} from "./index.ts";
import {
  contextOf,
  firstRows,
  images,
  linearProgram,
  noisyProgram,
  settings,
  slowClock,
  trainAll,
  withoutSeconds,
} from "./testing/trainings.ts";

const set = images(14);
const rows = firstRows(14).filter((i) => i % 4 !== 1); // 10 images

/** Trains, taking a copy of the checkpoint at every step. */
async function withCheckpoints(
  program: TrainingProgram,
  choice: TrainingSettings,
  context: TrainingContext,
): Promise<{ readonly trained: Trained; readonly checkpoints: readonly Checkpoint[] }> {
  const checkpoints: Checkpoint[] = [];
  const generator = train(program, set, rows, choice, context);
  let next = await generator.next();
  for (; !next.done; next = await generator.next()) {
    checkpoints.push(structuredClone(await next.value.checkpoint()));
  }
  return { trained: next.value, checkpoints };
}

describeRuntimes("resuming", (runtime, name) => {
  const scripted = [5, 3, 4, 2, 6, 2.5, 1];

  test.each<[string, TrainingProgram, Partial<TrainingSettings>]>([
    ["with three kinds of draws and Adam", noisyProgram(), {}],
    [
      "with momentum, and a last minibatch of one image",
      linearProgram({ kind: "sgd", momentum: 0.9 }),
      { batch: 3 },
    ],
    ["with Adadelta and early stopping", noisyProgram({ kind: "adadelta" }), { epochs: 7, patience: 2 }],
  ])("from any step ends like the training that was never interrupted: %s", async (_, program, more) => {
    const choice = { ...settings, ...more };
    const context = (): TrainingContext =>
      contextOf(runtime(), {
        now: slowClock(),
        validate: async (_parameters, epoch) => ({
          loss: scripted[epoch - 1],
          keepsake: Uint8Array.of(epoch),
        }),
      });
    const { trained, checkpoints } = await withCheckpoints(program, choice, context());
    const batches = Math.ceil(rows.length / choice.batch);
    // The first call takes all whole minibatches of its epoch, all others take one.
    const whole = Math.floor(rows.length / choice.batch);
    expect(checkpoints.length).toBe(trained.history.length * batches - (whole - 1));
    if (choice.patience) {
      expect(trained).toMatchObject({ keptEpoch: 4, stopReason: "no improvement" });
      expect(trained.history.length).toBe(6);
    }
    // Some steps of all kinds: steps of an epoch are three or four. WebAssembly is slow to load a model, and resumes by
    // the same code.
    const every = name === "onnxruntime-node" ? 2 : 7;
    for (const checkpoint of checkpoints.filter((_, i) => i % every === 0)) {
      const where = `after epoch ${checkpoint.epoch}, minibatch ${checkpoint.batch}`;
      const again = await trainAll(program, set, rows, choice, { ...context(), resume: checkpoint });
      expect(withoutSeconds(again.trained), where).toEqual(withoutSeconds(trained));
    }
  });

  test("goes on in other portions than the first training's", async () => {
    const choice = { ...settings, batch: 1, epochs: 2 };
    const slow = contextOf(runtime(), { now: slowClock() });
    const { trained, checkpoints } = await withCheckpoints(noisyProgram(), choice, slow);
    const { batch } = checkpoints[1];
    expect(batch).toBe(9);
    const context = contextOf(runtime(), { resume: checkpoints[1] });
    const again = await trainAll(noisyProgram(), set, rows, choice, context);
    expect(withoutSeconds(again.trained)).toEqual(withoutSeconds(trained));
    expect(again.steps[0]).toMatchObject({ epoch: 1, batch: 10, epochDone: true });
  });

  test("leaves the checkpoint as it was", async () => {
    const { checkpoints } = await withCheckpoints(noisyProgram(), settings, contextOf(runtime()));
    const copy = structuredClone(checkpoints[1]);
    await trainAll(noisyProgram(), set, rows, settings, contextOf(runtime(), { resume: checkpoints[1] }));
    expect(checkpoints[1]).toEqual(copy);
  });

  test("of a finished training gives its result at once", async () => {
    const { trained, checkpoints } = await withCheckpoints(noisyProgram(), settings, contextOf(runtime()));
    const context = contextOf(runtime(), { resume: checkpoints.at(-1) });
    const again = await trainAll(noisyProgram(), set, rows, settings, context);
    expect(again.steps).toEqual([]);
    expect(again.trained).toEqual(trained);
  });

  test("a checkpoint of another training is refused", async () => {
    const context = contextOf(runtime(), { fingerprint: "one" });
    const { checkpoints } = await withCheckpoints(noisyProgram(), settings, context);
    const [checkpoint] = checkpoints;
    expect(checkpoint.fingerprint).toBe("one");
    const refused = (changed: Checkpoint, fingerprint = "one"): Promise<unknown> =>
      trainAll(noisyProgram(), set, rows, settings, contextOf(runtime(), { fingerprint, resume: changed }));
    await expect(refused(checkpoint, "two")).rejects.toThrow(
      new OptionError(
        "train: the checkpoint must be of the same images, network and settings; got one of another training. Start again, or resume with what it was started with.",
      ),
    );
    const { "encoder.2.bias": gone, ...rest } = checkpoint.state;
    await expect(refused({ ...checkpoint, state: rest })).rejects.toThrow(
      new OptionError('train: the checkpoint must have "encoder.2.bias" of 4; got none.'),
    );
    const { "decoder.0.weights.slot1": slot, ...others } = checkpoint.state;
    await expect(refused({ ...checkpoint, state: others })).rejects.toThrow(
      new OptionError('train: the checkpoint must have "decoder.0.weights.slot1" of 2 x 3; got none.'),
    );
    const turned = { ...checkpoint.state, "decoder.0.weights.slot1": { ...slot, shape: [3, 2] } };
    await expect(refused({ ...checkpoint, state: turned })).rejects.toThrow(
      new OptionError('train: the checkpoint must have "decoder.0.weights.slot1" of 2 x 3; got 3 x 2.'),
    );
    const short = { ...checkpoint.state, "encoder.2.bias": { ...gone, data: gone.data.slice(1) } };
    await expect(refused({ ...checkpoint, state: short })).rejects.toThrow(
      new OptionError('train: the checkpoint must have "encoder.2.bias" of 4; got 3 numbers.'),
    );
  });
});
