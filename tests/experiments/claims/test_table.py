import json
import math
import re

import pytest

from course_utils.experiments.claims import catalog, evidence
from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.evidence import Evidence
from course_utils.experiments.claims.rules import at_least, higher
from course_utils.experiments.claims.table import VerdictTable
from course_utils.settings import RUN_LEVELS

FINER = Claim(
    "Finer is better.",
    higher("fine", "coarse", by=0.01),
    nets=("net: mean IoU",),
    beside=("field, px",),
)
EXACT = Claim("It is wide.", at_least("field, px", 10))
REMARK = Remark("How long it takes.", ("time, ms",))
NAME = "09_made_up"


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """The folder of the stored results, empty, and a notebook with made-up claims."""
    monkeypatch.setattr(evidence, "RESULTS", tmp_path / "results")
    monkeypatch.setitem(catalog.CLAIMS, NAME, (FINER, EXACT))
    monkeypatch.setitem(catalog.REMARKS, NAME, (REMARK,))
    monkeypatch.delenv("COURSE_RESULTS", raising=False)
    (tmp_path / "results").mkdir()
    return tmp_path / "results"


def figures(fine, coarse=0.4):
    return {"fine": fine, "coarse": coarse, "net: mean IoU": 0.6, "field, px": 40}


def store(folder, *seeds, data="scenes", level="full"):
    content = {
        "device": "a GPU",
        "steps": {"net: mean IoU": 600},
        "seeds": {str(k): seed for k, seed in enumerate(seeds)},
    }
    (folder / f"{NAME}_{data}_{level}.json").write_text(json.dumps(content))


def table(level="laptop", data="scenes", **options):
    return VerdictTable(NAME, RUN_LEVELS[level], data, **options)


@pytest.mark.parametrize("level", ["ci", "laptop", "full"])
def test_verdicts_rest_on_what_is_stored_at_full_whatever_this_run_says(folder, level):
    store(folder, figures(0.5), figures(0.6))
    shown = table(level)
    shown.measure(figures(0.1))
    verdict = shown.verdict(FINER)
    assert verdict.word == "holds"
    assert "2 seeds; 600 steps; full, scenes, a GPU" in verdict.basis


def test_what_is_stored_at_another_level_decides_nothing(folder):
    store(folder, figures(0.5), figures(0.6), level="laptop")
    assert table().verdict(FINER).word == "nothing stored"


def test_of_photographs_the_verdict_rests_on_scenes_until_theirs_are_stored(folder):
    store(folder, figures(0.5), figures(0.6))
    assert "full, scenes" in table(data="voc").verdict(FINER).basis
    store(folder, figures(0.1), figures(0.2), data="voc")
    verdict = table(data="voc").verdict(FINER)
    assert verdict.word == "refuted" and "full, voc" in verdict.basis


def test_where_nothing_is_stored_ones_own_run_decides_what_one_seed_can():
    shown = table()
    shown.measure(figures(0.6), steps=150)
    assert shown.verdict(FINER).word == "undecided"
    assert "1 seed; 150 steps; laptop, scenes" in shown.verdict(FINER).basis
    assert shown.verdict(EXACT).word == "holds"


def test_where_nothing_is_stored_nothing_is_judged_at_ci():
    shown = table("ci")
    assert shown.verdict(EXACT).word == "nothing stored"
    shown.measure(figures(0.6))
    assert shown.verdict(EXACT).word == "not judged at ci"


def test_stored_and_own_figures_stand_in_columns_of_their_own(folder):
    store(folder, figures(0.5), figures(0.6))
    shown = table()
    shown.measure(figures(0.25))
    row = shown.rows(FINER)[0]
    assert (row.name, row.stored, row.own) == (
        "fine",
        "55.0 % (50.0 to 60.0)",
        "25.0 %",
    )
    assert [r.name for r in shown.rows(FINER)] == [
        "fine",
        "coarse",
        "field, px",
        "net: mean IoU",
    ]
    text = " ".join(str(shown).split())
    assert "stored: full, scenes, a GPU | your run: laptop, seed 0" in text
    assert "fine: 55.0 % (50.0 to 60.0) | 25.0 %" in text
    assert "Also: How long it takes. time, ms: nothing stored" in text


def test_figures_after_twice_the_steps_have_rows_where_there_are_any(folder):
    store(folder, figures(0.5) | {"fine, 2N steps": 0.7}, figures(0.6))
    rows = {row.name: row.stored for row in table().rows(FINER)}
    assert rows["fine, 2N steps"] == "70.0 %"
    assert "coarse, 2N steps" not in rows


def test_claims_of_a_study_rest_on_its_figures_alone(folder, monkeypatch):
    claim = Claim("c", higher("fine", "coarse"), study="skips")
    monkeypatch.setitem(catalog.CLAIMS, NAME, (claim,))
    store(folder, figures(0.1), figures(0.2))
    shown = table()
    assert shown.verdict(claim).word == "nothing stored"
    assert "fine" not in shown.names
    content = {
        "settings": {"steps": 300, "data": "scenes"},
        "seeds": {"0": figures(0.5)},
        "made_with": {"0": {"device": "another GPU"}},
    }
    (folder / "studies").mkdir()
    (folder / "studies" / "skips_full.json").write_text(json.dumps(content))
    assert shown.verdict(claim).word == "holds"
    assert "another GPU" in shown.verdict(claim).basis
    assert shown.rows(claim)[0].stored == "50.0 %"


def test_figures_of_other_data_are_shown_and_decide_nothing(folder):
    store(folder, figures(0.5), figures(0.6))
    voc = Evidence({"0": figures(0.1)}, "full", "voc")
    shown = table(elsewhere=[voc])
    assert shown.rows(FINER)[0].stored == "55.0 % (50.0 to 60.0); voc: 10.0 %"
    assert shown.verdict(FINER).word == "holds"


def test_no_line_of_the_text_is_too_long(folder, monkeypatch):
    long = Claim("words " * 40, at_least("a name " * 20, 0.5))
    monkeypatch.setitem(catalog.CLAIMS, NAME, (FINER, long))
    store(folder, figures(0.5), figures(0.6))
    assert max(map(len, str(table()).splitlines())) <= 88
    assert repr(table()) == str(table())


def test_every_cell_of_the_html_wraps_and_every_row_is_full(folder):
    store(folder, figures(0.5), figures(0.6))
    shown = table()
    shown.measure(figures(0.25))
    page = shown._repr_html_()
    cells = re.findall(r"<t[dh] rowspan=\"(\d+)\" style=\"([^\"]*)\"", page)
    assert all("overflow-wrap:anywhere" in style for _, style in cells)
    assert all("white-space:normal" in style for _, style in cells)
    # 4 + 1 + 1 figures below two heads, four columns each; a cell counts its rows
    assert sum(int(span) for span, _ in cells) == 4 * (4 + 1 + 1 + 2)
    for one in re.findall(r"<table style=\"([^\"]*)\"", page):
        assert "table-layout:fixed" in one and "width:100%" in one
    for widths in re.findall(r"<colgroup>(.*?)</colgroup>", page):
        assert sum(map(int, re.findall(r"width:(\d+)%", widths))) == 100
    assert "<b>holds</b>" in page and "25.0 %" in page


def test_html_is_escaped(monkeypatch):
    claim = Claim(
        "a < b & <script>",
        at_least("<i>", 0.5).only("if x > y", unless=at_least("a", 0.9)),
    )
    monkeypatch.setitem(catalog.CLAIMS, NAME, (claim,))
    seeds = {"0": {"<i>": 0.6, "a": 0.1}}
    page = table(stored=Evidence(seeds, "full", "scenes"))._repr_html_()
    assert "a &lt; b &amp; &lt;script&gt;" in page and "<script>" not in page
    assert "&lt;i&gt;" in page and "holds only if x &gt; y" in page


def test_a_figure_of_no_claim_is_refused():
    shown = table()
    with pytest.raises(ValueError, match=r"must be one .*fine.*; got 'finr'"):
        shown.measure({"finr": 0.5})
    shown.measure({"fine, 2N steps": 0.5, "time, ms": 3})
    assert shown.own == {"fine, 2N steps": 0.5, "time, ms": 3.0}


def test_a_notebook_without_claims_is_refused():
    with pytest.raises(ValueError, match="notebook must be one of 00_start_here, "):
        VerdictTable("08", RUN_LEVELS["ci"], "scenes")


def test_figures_are_written_where_a_recording_wants_them(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_RESULTS", str(tmp_path))
    shown = table(data="voc")
    shown.measure({"net: mean IoU": 0.5}, steps=150)
    shown.measure({"fine": math.nan})
    written = json.loads((tmp_path / f"{NAME}_voc_laptop.json").read_text())
    assert written == {
        "figures": {"net: mean IoU": 0.5, "fine": None},
        "steps": {"net: mean IoU": 150},
    }


def test_of_evidence_from_elsewhere_nothing_is_written_again(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_RESULTS", str(tmp_path))
    given = Evidence({"0": figures(0.5)}, "full", "scenes")
    table(stored=given).measure(figures(0.5))
    assert list(tmp_path.glob("*.json")) == []
