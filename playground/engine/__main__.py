"""`python -m playground.engine`: a dask cluster on this machine, for as long as stdin is open.

Started by the web server as a plain subprocess, so that no worker ever imports its `__main__`.
The first line on stdout is JSON: the scheduler's address, and the certificate and key (PEM) that
let the server in, and nobody else. When stdin ends, also because the server was killed, the cluster
closes; nothing else ends it but SIGKILL.

Of `playground.settings` it reads `home` and `workers`, which share the cores out evenly.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path

import dask
from distributed import LocalCluster, Security
from distributed.utils import get_mp_context

from playground.engine import compiled
from playground.settings import settings

_XLA_FLAGS = " ".join(
    [
        # XLA would use half of what AVX-512 has: a step at batch 1 takes a fifth longer then.
        "--xla_cpu_prefer_vector_width=512",
        # One pass over the weights for both of Adam's moments, and loops that stay as they are:
        # a quarter less to compile, and steps as fast or, with AdamW, a quarter faster.
        "--xla_backend_extra_options="
        "xla_cpu_use_multi_output_fusion=true,xla_cpu_disable_loop_unrolling=true",
    ]
)


_NICE = 10
_SESSION_NICE = 6


def worker_environment(threads: int) -> dict[str, str]:
    """What a worker's environment says before TensorFlow is imported.

    Args:
        threads: how many of them compute.
    """
    return {
        "KERAS_BACKEND": "tensorflow",
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": str(threads),
        # TensorFlow calls it an error that a compiled network was made for just this processor.
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        # XLA's own variable, not one of ours in `settings.py`: what is set already comes last, and
        # holds.
        "XLA_FLAGS": f"{_XLA_FLAGS} {os.environ.get('XLA_FLAGS', '')}",
    }


def give_way() -> None:
    """Have pages and browsers come before training, which is as fast where it is alone.

    Linux shares the processor out among sessions before it looks at what is nice in each
    ("autogroup", sched(7)), and a browser is in another one: the engine gets a session of its own.
    It is somewhat nice, a quarter of another's share: a busy machine trains, too.
    """
    if not hasattr(os, "nice"):
        return
    os.nice(_NICE)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # it leads a session, or this kernel has no such thing
            os.setsid()
            Path("/proc/self/autogroup").write_text(str(_SESSION_NICE))


def fork_workers(environment: dict[str, str]) -> None:
    """Have workers begin as copies of a process that has imported TensorFlow.

    One that takes another's place, after a crash or because the other is worn out, is then warm
    after 3 seconds of a core and not after 9. Elsewhere than on Linux they begin by themselves:
    there a copy of a process may lack what its libraries need.

    Args:
        environment: that of workers.
    """
    if sys.platform != "linux":
        return
    os.environ.update(environment)  # the process that is copied has it from here
    dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"})
    get_mp_context().set_forkserver_preload(["distributed", "playground.training.train"])


def main() -> None:
    """Run the cluster until stdin ends."""
    # Ctrl-C, or a service manager that stops all processes at once, reaches us and the workers,
    # which inherit this, too. The server says why runs end, then ends us by closing stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    give_way()
    cores = os.cpu_count() or 1
    workers = settings().workers
    environment = worker_environment(max(1, cores // workers))
    environment |= compiled.environment(settings().home, environment["XLA_FLAGS"])
    fork_workers(environment)
    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": 0,
            # Nothing to look at over HTTP.
            "distributed.scheduler.http.routes": [],
            "distributed.worker.http.routes": [],
            # Nobody looks at these either: they took 4 % of a training worker's time.
            "distributed.worker.profile.enabled": False,
            "distributed.admin.system-monitor.interval": "10s",
            "distributed.admin.system-monitor.disk": False,
            "distributed.admin.system-monitor.gil.enabled": False,
        }
    )
    # Anyone who reaches the scheduler could run code here, so one needs this key, which no file
    # holds.
    security = Security.temporary()
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        security=security,
        # No dashboard, and no web port that another cluster on this machine could have.
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        memory_limit=None,
        env=environment,
    ) as cluster:
        access = {
            "address": cluster.scheduler_address,
            "certificate": security.tls_client_cert,
            "key": security.tls_client_key,
        }
        print(json.dumps(access), flush=True)
        sys.stdin.read()
    # A worker that is left ignores SIGTERM, too, and ends when this process has.
    os._exit(0)


if __name__ == "__main__":
    main()
