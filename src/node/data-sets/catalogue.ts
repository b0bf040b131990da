import { OptionError } from "../../errors.ts";
import { didYouMean } from "../../spelling.ts";

/** One file of a named data set, in the IDX format. */
export interface DataSetFile {
  /** Name without `.gz`. */
  readonly name: string;
  /** Number of bytes, uncompressed. */
  readonly bytes: number;
  /** Digest of the uncompressed bytes: what is compressed again, by whatever program, stays valid. */
  readonly sha256: string;
  /** Number of bytes of the compressed file at the addresses. */
  readonly downloadBytes: number;
}

/** Files of a named data set by what they hold. */
export interface DataSetFiles {
  readonly trainImages: DataSetFile;
  readonly trainLabels: DataSetFile;
  readonly testImages: DataSetFile;
  readonly testLabels: DataSetFile;
}

/** A data set that is known by its name. */
export interface DataSet {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  /** Authors. */
  readonly origin: string;
  readonly classNames: readonly string[];
  /** Tried in this order; each ends in `/` and is followed by the file name with `.gz`. */
  readonly addresses: readonly string[];
  readonly files: DataSetFiles;
}

/** The named data sets that the program knows. */
export const dataSets: readonly DataSet[] = [
  {
    name: "mnist",
    description: "70,000 handwritten digits, 28 x 28 grey",
    licence: "CC BY-SA 3.0",
    origin: "Yann LeCun, Corinna Cortes, Christopher J. C. Burges",
    classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    addresses: [
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ],
    files: usualFiles({
      trainImages: ["ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 9912422],
      trainLabels: ["65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 28881],
      testImages: ["0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 1648877],
      testLabels: ["ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 4542],
    }),
  },
  {
    name: "fashion-mnist",
    description: "70,000 pictures of clothes, 28 x 28 grey",
    licence: "MIT",
    origin: "Zalando SE, 2017",
    classNames: [
      "T-shirt/top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
    addresses: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ],
    files: usualFiles({
      trainImages: ["c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", 26421880],
      trainLabels: ["bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", 29515],
      testImages: ["5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", 4422102],
      testLabels: ["0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", 5148],
    }),
  },
];

/**
 * The data set with this name.
 *
 * @throws {OptionError} if there is none, with the nearest spelling
 */
export function findDataSet(name: string, known: readonly DataSet[], where: string): DataSet {
  const found = known.find((set) => set.name === name);
  if (found) return found;
  const names = known.map((set) => set.name);
  throw new OptionError(
    `${where}: name must be one of ${names.join(", ")}; got "${name}".${didYouMean(name, names)}`,
  );
}

/** All files of a set, the images of the training part first. */
export function filesOf(set: DataSet): readonly DataSetFile[] {
  const { trainImages, trainLabels, testImages, testLabels } = set.files;
  return [trainImages, trainLabels, testImages, testLabels];
}

/** Files of 60,000 and 10,000 images of 28 x 28 bytes under their usual names. */
function usualFiles(
  of: Record<keyof DataSetFiles, readonly [sha256: string, downloadBytes: number]>,
): DataSetFiles {
  const file = (
    name: string,
    bytes: number,
    [sha256, downloadBytes]: readonly [string, number],
  ): DataSetFile => ({
    name,
    bytes,
    sha256,
    downloadBytes,
  });
  return {
    trainImages: file("train-images-idx3-ubyte", 16 + 60_000 * 784, of.trainImages),
    trainLabels: file("train-labels-idx1-ubyte", 8 + 60_000, of.trainLabels),
    testImages: file("t10k-images-idx3-ubyte", 16 + 10_000 * 784, of.testImages),
    testLabels: file("t10k-labels-idx1-ubyte", 8 + 10_000, of.testLabels),
  };
}
