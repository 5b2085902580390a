"""How many submissions a second the cluster engine can pass on, when judging them costs nothing.

    python -m benchmarks.dispatch

A real Dask scheduler on loopback, workers whose grader reports at once. Above this rate more cores
do not help. Writes `benchmarks/dispatch.json`.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks import machine
from benchmarks.classes import ROOT
from kit.grading import options
from kit.grading.cluster import dask_cluster
from kit.grading.job import Task
from kit.grading.parcel import Item, Parcel
from kit.paths import find_workspace

OUT = ROOT / "benchmarks" / "dispatch.json"
SUBMISSIONS, WARM_UP, WORKERS = 600, 20, 2
SIZE = 20_000  # bytes of a submission; a report has a third
FREE = f"""
from kit.grading import dask_worker
from kit.grading.job import Kind, Report

class Free:
    def __init__(self, job):
        self.job = job

    def grade(self, task):
        return Report(Kind.GRADED, "x" * {SIZE // 3})

    def close(self):
        pass

dask_worker.Grader = Free
"""
