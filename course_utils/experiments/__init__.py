"""What compares models: the protocol, claims and verdicts, records, the benchmark."""

from course_utils.experiments.claims import VerdictTable
from course_utils.experiments.protocol import BOUNDARY_WIDTH, Trained, TrainingProtocol
from course_utils.experiments.recording import record
from course_utils.experiments.reproduction import reproduce

__all__ = [
    "BOUNDARY_WIDTH",
    "Trained",
    "TrainingProtocol",
    "VerdictTable",
    "record",
    "reproduce",
]
