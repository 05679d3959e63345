"""All examinations, one after another."""

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
    """Look at everything the course needs; takes some seconds.

    Works where packages are missing: what can't be looked at becomes a finding. Nothing
    is changed, and nothing is downloaded.
    """
    findings = []
    for topic, examination in EXAMINATIONS.items():
        try:
            findings += examination()
        except Exception as error:  # the doctor must not fall ill
            text = f"can't be looked at ({type(error).__name__}: {error})"
            advice = "do what is said of the packages first"
            findings.append(Finding(topic, TO_DO, text, advice))
    return findings
