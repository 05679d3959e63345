"""Run all checks of the machine, one after another."""

from collections.abc import Callable, Iterator

from course_utils.environment.doctor import course, machine, packages
from course_utils.environment.doctor.findings import TO_DO, Finding

EXAMINATIONS: dict[str, Callable[[], Iterator[Finding]]] = {
    "Python": packages.examine_python,
    "packages": packages.examine_packages,
    "pydensecrf": packages.examine_pydensecrf,
    "GPU": machine.examine_gpu,
    "disk": machine.examine_disk,
    "edition": course.examine_edition,
    "data": course.examine_data,
    "weights": course.examine_weights,
    "checkpoints": course.examine_checkpoints,
}


def examine() -> list[Finding]:
    """Check everything the course needs; this takes some seconds.

    A check that fails, such as for a missing package, becomes a finding itself. Nothing
    is changed, and nothing is downloaded.
    """
    findings = []
    for topic, examination in EXAMINATIONS.items():
        try:
            findings += examination()
        except Exception as error:  # one check must not stop the others
            text = f"can't be checked ({type(error).__name__}: {error})"
            advice = "follow the advice on the packages first"
            findings.append(Finding(topic, TO_DO, text, advice))
    return findings
