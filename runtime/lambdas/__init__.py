"""The functions of the cloud, a module each: an event of Lambda's in, the work of one role, an answer out.

While a process loads, what it makes is there to stay, so that collecting garbage would only be waited for: a tenth of a
cold start. `warm` turns the collector on again when all is open.
"""

import gc
import os

if "AWS_LAMBDA_RUNTIME_API" in os.environ:
    gc.disable()
