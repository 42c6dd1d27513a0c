"""The dask cluster: what starts it, what runs in it, and the web process's side of it."""
