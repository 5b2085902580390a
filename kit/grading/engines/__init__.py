"""Who does the work of a batch: processes of this machine, a Dask cluster, Slurm."""
