"""One measured search of scikit-learn: python3 neighbors_sklearn.py '{"file", "rows", "cols", "k"}'

Outside the time, as for us: reading, and a small search that starts threads and BLAS. Its neighbours are the true ones.
"""

import json
import resource
import sys
import time

import numpy
import sklearn
from sklearn.neighbors import NearestNeighbors

task = json.loads(sys.argv[1])
samples = numpy.fromfile(task["file"], dtype=numpy.float32).reshape(task["rows"], task["cols"])


def search(values):
    return NearestNeighbors(n_neighbors=task["k"], algorithm="brute").fit(values).kneighbors()


search(samples[:4000].copy())
begin = time.perf_counter()
cpu = time.process_time()
search(samples)
seconds = time.perf_counter() - begin
print(
    json.dumps(
        {
            "program": f"scikit-learn {sklearn.__version__}",
            "seconds": seconds,
            "cpuSeconds": time.process_time() - cpu,
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "quality": 1.0,
        }
    )
)
