"""One measured fit of scikit-learn: python3 minibatch_sklearn.py '{"samples", "rows", "cols", "k", "seed", "batch", "full"?}'

Outside the time, as for us: reading, converting to floats, and a small fit that starts threads and BLAS.
"""

import gzip
import json
import os
import resource
import sys
import time
import warnings

import numpy
import sklearn
from sklearn.cluster import KMeans, MiniBatchKMeans

warnings.filterwarnings("ignore")
task = json.loads(sys.argv[1])

if task["samples"] == "mnist":
    with gzip.open(os.path.join(os.environ["UNLABELED_DATA"], "mnist", "train-images-idx3-ubyte.gz")) as file:
        pixels = numpy.frombuffer(file.read()[16:], dtype=numpy.uint8)
    samples = pixels.reshape(task["rows"], task["cols"]).astype(numpy.float32) / numpy.float32(255)
    del pixels
else:
    samples = numpy.fromfile(task["samples"], dtype=numpy.float32).reshape(task["rows"], task["cols"])


def model():
    if task.get("full"):
        return KMeans(task["k"], n_init=1, tol=0, random_state=task["seed"])
    return MiniBatchKMeans(task["k"], batch_size=task["batch"], n_init=3, random_state=task["seed"])


model().fit(samples[:20000].copy())
begin = time.perf_counter()
fitted = model().fit(samples)
seconds = time.perf_counter() - begin
print(
    json.dumps(
        {
            "program": f"scikit-learn {sklearn.__version__}",
            "seconds": seconds,
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "iterations": int(getattr(fitted, "n_steps_", fitted.n_iter_)),
            "quality": float(fitted.inertia_),
        }
    )
)
