"""One measured fit of scikit-learn: python3 kmeans_sklearn.py '{"samples", "rows", "cols", "start", "algorithm", "dtype", "labels"?}'

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
from sklearn.cluster import KMeans

warnings.filterwarnings("ignore")
task = json.loads(sys.argv[1])
k = len(task["start"])

if task["samples"] == "mnist":
    with gzip.open(os.path.join(os.environ["UNLABELED_DATA"], "mnist", "train-images-idx3-ubyte.gz")) as file:
        pixels = numpy.frombuffer(file.read()[16:], dtype=numpy.uint8)
    samples = (pixels.reshape(task["rows"], task["cols"]) / numpy.dtype(task["dtype"]).type(255)).astype(task["dtype"])
    del pixels
else:
    samples = numpy.fromfile(task["samples"], dtype=numpy.float32).reshape(task["rows"], task["cols"]).astype(task["dtype"])


def model(iterations):
    start = samples[task["start"]]
    return KMeans(n_clusters=k, init=start, n_init=1, max_iter=iterations, tol=0, algorithm=task["algorithm"])


model(20).fit(samples[:20000].copy())
begin = time.perf_counter()
fitted = model(300).fit(samples)
seconds = time.perf_counter() - begin
if "labels" in task:
    fitted.labels_.astype(numpy.int32).tofile(task["labels"])
print(
    json.dumps(
        {
            "program": f"scikit-learn {sklearn.__version__}",
            "seconds": seconds,
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "iterations": int(fitted.n_iter_),
            "quality": float(fitted.inertia_),
        }
    )
)
