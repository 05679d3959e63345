"""The command study, without training."""

import pytest

from course_utils.experiments import studies


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What the command asks of ``run_studies``, which trains nothing here."""
    options = {}

    def run_studies(run, **given):
        options.update(given, level=run.name)
        return [tmp_path / "studies" / "skips_full.json"]

    monkeypatch.setattr(studies, "run_studies", run_studies)
    monkeypatch.setenv("COURSE_RUN", "full")
    monkeypatch.setenv("COURSE_RESULTS", str(tmp_path))
    return options


def test_it_runs_what_was_asked_for(run_command, asked, tmp_path):
    status, printed = run_command("study", "skips", "fields", "--seeds", "1", "2")
    assert status == 0 and "skips_full.json" in printed
    assert (asked["names"], asked["seeds"]) == (["skips", "fields"], [1, 2])
    assert (asked["level"], asked["folder"]) == ("full", tmp_path)


def test_by_default_it_runs_all_with_one_seed(run_command, asked):
    assert run_command("study")[0] == 0
    assert (asked["names"], asked["seeds"]) == ([], [0])


def test_an_unknown_study_is_refused_in_a_sentence(run_command, monkeypatch):
    monkeypatch.setenv("COURSE_RUN", "ci")
    status, printed = run_command("study", "skip")
    assert status == 2 and "studies must be some of skips, decoders" in printed
