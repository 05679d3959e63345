import pytest

from course_utils.cli import main as cli


def test_recording_an_unknown_notebook_ends_with_a_message_and_status_2(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["record", "99_nothing"])
    assert stopped.value.code == 2
    message = capsys.readouterr().err
    assert "99_nothing.ipynb must be a notebook" in message
    assert "Traceback" not in message


def test_the_seeds_given_are_the_seeds_recorded(monkeypatch, capsys):
    asked = []

    def record(notebook, seeds, *, jobs):
        asked.append((notebook.name, seeds, jobs))
        return ["figures.json"]

    monkeypatch.setattr(cli, "record", record)
    assert cli.main(["record", "00_start_here", "--seeds", "3", "4"]) == 0
    assert asked == [("00_start_here.ipynb", [3, 4], 1)]
    assert capsys.readouterr().out == "written figures.json\n"


def test_a_seed_that_is_no_number_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["record", "00_start_here", "--seeds", "one"])
    assert stopped.value.code == 2
    assert "invalid int value: 'one'" in capsys.readouterr().err
