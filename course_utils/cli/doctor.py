"""The command doctor."""

import argparse

from course_utils.cli.parser import Commands, add_command
from course_utils.environment.doctor import examine, report
from course_utils.environment.doctor.findings import TO_DO


def see_the_doctor(args: argparse.Namespace) -> int:
    """Look whether this machine is ready, and say what to do if it is not.

    The exit status is 1 if something is to do. Paste the report into a question.
    """
    findings = examine()
    print(report(findings))
    return int(any(finding.state == TO_DO for finding in findings))


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    add_command(commands, "doctor", see_the_doctor, example="")
