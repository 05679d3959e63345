"""Studies: experiments that take up a claim again, one module for each.

A module's docstring says what is measured, and what makes its claims hold or refutes
them. Nets are trained by the protocol of the course, half as wide as those of the
notebooks, from random weights, with Muon; they are compared after N and after 2N steps.
"""

from course_utils.experiments.studies.run import STUDIES, run_studies

__all__ = ["STUDIES", "run_studies"]
