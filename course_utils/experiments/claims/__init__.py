"""Claims as data, the rules that judge them, and the table of their verdicts."""

from course_utils.experiments.claims.catalog import CLAIMS, REMARKS
from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.evidence import (
    Evidence,
    evidence_of,
    load_evidence,
    show_stored,
)
from course_utils.experiments.claims.table import VerdictTable
from course_utils.experiments.claims.verdicts import judge

__all__ = [
    "CLAIMS",
    "REMARKS",
    "Claim",
    "Evidence",
    "Remark",
    "VerdictTable",
    "evidence_of",
    "judge",
    "load_evidence",
    "show_stored",
]
