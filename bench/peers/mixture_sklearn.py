"""One measured fit of scikit-learn: python3 mixture_sklearn.py '{"samples", "rows", "cols", "start", "k", "iterations", "dtype"}'

Outside the time, as for us: reading, converting to floats, and a small fit that starts threads and BLAS. Inside: the fit alone;
the mean log-likelihood of the result, which ours gives as well, is taken after it.
"""

import json
import resource
import sys
import time
import warnings

import numpy
import sklearn
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
task = json.loads(sys.argv[1])
k, cols = task["k"], task["cols"]
dtype = numpy.dtype(task["dtype"])
samples = numpy.fromfile(task["samples"], dtype=numpy.float32).reshape(task["rows"], cols).astype(dtype)
with open(task["start"]) as file:
    start = json.load(file)
covariances = numpy.array(start["covariances"], dtype=numpy.float64).reshape(k, cols, cols)


def model(iterations):
    return GaussianMixture(
        k,
        tol=0,
        reg_covar=1e-6,
        max_iter=iterations,
        weights_init=numpy.array(start["weights"]).astype(dtype),
        means_init=numpy.array(start["means"]).reshape(k, cols).astype(dtype),
        precisions_init=numpy.linalg.inv(covariances).astype(dtype),
    )


model(5).fit(samples[:2000].copy())
begin = time.perf_counter()
fitted = model(task["iterations"]).fit(samples)
seconds = time.perf_counter() - begin
print(
    json.dumps(
        {
            "program": f"scikit-learn {sklearn.__version__}",
            "seconds": seconds,
            "peakMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "iterations": int(fitted.n_iter_),
            "quality": float(fitted.score(samples)),
        }
    )
)
