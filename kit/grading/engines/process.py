"""A grading process of this machine: a grader that gets its tasks through a pipe."""

import contextlib
import logging
import signal
from multiprocessing.connection import Connection

from kit.grading.batch.job import Job
from kit.grading.judging.worker import Grader


def main(connection: Connection, job: Job) -> None:
    """Work until the batch hangs up, or until this process is spent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the batch decides what an interrupt means
    logging.basicConfig(level=logging.ERROR, format="%(name)s: %(message)s")
    grader = Grader(job)
    with contextlib.closing(grader), contextlib.suppress(EOFError, OSError):
        spent = False
        while not spent:  # an OSError: the batch has hung up or is gone
            report = grader.grade(connection.recv())
            connection.send(report)
            spent = report.spent
