"""Open the data that COURSE_DATA names, as a notebook would."""

from collections.abc import Iterator

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
        text, _, advice = str(error).rpartition("; ")
        yield Finding(_TOPIC, TO_DO, text or advice, advice if text else "")
        return
    yield Finding(_TOPIC, OK, str(data))
    for remark in data.remarks:
        yield Finding(_TOPIC, NOTE if remark.startswith("warning") else OK, remark)
