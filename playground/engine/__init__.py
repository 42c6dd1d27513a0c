"""The Dask cluster, its tasks, and the web process's side of it. May import Dask, training."""
