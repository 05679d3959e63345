"""Open the data that COURSE_DATA names, as a notebook would."""

import os
from collections.abc import Iterator
from pathlib import Path

from course_utils.environment.findings import NOTE, OK, TO_DO, Finding
from course_utils.settings import data_choice, data_folder, run_level, variables

_TOPIC = "COURSE_DATA"


def examine_chosen_data() -> Iterator[Finding]:
    """Load the photographs that COURSE_DATA names, and say what is in them."""
    choice = data_choice()
    if _TOPIC not in variables() or choice == "scenes":
        return
    if not data_folder(choice).exists():
        return  # the check of the choices says so
    from course_utils.datasets import load_data

    try:
        data = load_data(run_level())
    except (OSError, ValueError) as error:
        # Without the name of the account, since reports are pasted into questions
        message = str(error).replace(f"{Path.home()}{os.sep}", f"~{os.sep}")
        text, _, advice = message.partition("; ")
        yield Finding(_TOPIC, TO_DO, text, advice)
        return
    yield Finding(_TOPIC, OK, str(data))
    for remark in data.remarks:
        yield Finding(_TOPIC, NOTE if remark.startswith("warning") else OK, remark)
