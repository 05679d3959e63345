"""Run all checks of the machine, one after another."""

from course_utils.environment import chosen_data, course_files, machine, packages
from course_utils.environment.findings import TO_DO, Finding

_EXAMINATIONS = {
    "Python": packages.examine_python,
    "packages": packages.examine_packages,
    "torch": packages.examine_torch,
    "pydensecrf": packages.examine_pydensecrf,
    "GPU": machine.examine_gpu,
    "disk": machine.examine_disk,
    "edition": course_files.examine_edition,
    "data": course_files.examine_data,
    "choices": course_files.examine_choices,
    "COURSE_DATA": chosen_data.examine_chosen_data,
    "weights": course_files.examine_weights,
    "checkpoints": course_files.examine_checkpoints,
}


def examine() -> list[Finding]:
    """Check everything the course needs; this takes some seconds.

    A check that fails, such as for a missing package, becomes a finding itself. Nothing
    is changed, and nothing is downloaded.
    """
    findings = []
    for topic, examination in _EXAMINATIONS.items():
        try:
            findings += examination()
        except Exception as error:  # one check must not stop the others
            text = f"can't be checked ({type(error).__name__}: {error})"
            advice = "follow the advice on the packages first"
            findings.append(Finding(topic, TO_DO, text, advice))
    return findings
