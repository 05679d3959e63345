import csv
import importlib.util
import io
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from course_utils.datasets.download.pairs import _camvid_pairs, _voc_pairs

DATA = Path(__file__).parents[2] / "data"
VOC_SPLITS = {"train": 1464, "val": 1449}  # of the official lists


def rows(name):
    with (DATA / name).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def script():
    path = DATA.parent / "tools" / "choose_voc_subset.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_index_lists_every_official_pair_once():
    index = rows("voc_index.csv")
    assert Counter(row["split"] for row in index) == VOC_SPLITS
    assert len({row["id"] for row in index}) == 2913


def test_the_subset_is_what_the_script_chooses(script):
    chosen = [(row["id"], row["split"]) for row in script.subset_rows({})]
    assert chosen == [(row["id"], row["split"]) for row in rows("voc_subset.csv")]


def test_every_class_has_its_share_of_the_subset(script):
    index = {row["id"]: row for row in rows("voc_index.csv")}
    subset = rows("voc_subset.csv")
    assert Counter(row["split"] for row in subset) == {"train": 600, "val": 300}
    for split, least, most in (("train", 37, 61), ("val", 18, 30)):
        counts = Counter()
        for row in subset:
            if row["split"] == split:
                assert index[row["id"]]["split"] == split
                counts.update(script.counted_classes(index[row["id"]]))
        assert len(counts) == 20
        assert (min(counts.values()), max(counts.values())) == (least, most)
        assert f"{least} to {most}" in (DATA / "README.md").read_text(encoding="utf-8")


def test_a_class_below_one_percent_and_a_void_picture_do_not_count(script):
    row = {"classes": "cat dog", "proportions": "0.0099 0.3", "void_proportion": "0.2"}
    assert script.counted_classes(row) == {"dog"}
    assert script.counted_classes({**row, "void_proportion": "0.2001"}) == set()


def test_the_rarest_class_is_served_first(script):
    # a has 1 picture and comes first; then b and c in turns, by their hashes
    classes = {"p": {"b"}, "q": {"b", "c"}, "r": {"a"}, "s": {"c"}, "t": set()}
    held = {name: frozenset(value) for name, value in classes.items()}
    assert "r" in script.choose(held, 3)
    assert script.choose(held, 4) == ["p", "q", "r", "s"]


def test_a_class_that_has_a_tenth_of_the_images_is_passed_over(script):
    crowd = {f"crowd{k}": frozenset({"rare", "person"}) for k in range(40)}
    alone = {f"alone{k}": frozenset({"rare"}) for k in range(40)}
    people = {f"person{k}": frozenset({"person"}) for k in range(40)}
    chosen = script.choose({**crowd, **alone, **people}, 20)
    with_person = sum("rare" in crowd.get(name, ()) for name in chosen)
    assert with_person <= 2  # of 20, a tenth


def test_checksums_are_kept_when_the_subset_is_chosen_again(
    script, tmp_path, monkeypatch
):
    (tmp_path / "voc_index.csv").write_bytes((DATA / "voc_index.csv").read_bytes())
    text = (DATA / "voc_subset.csv").read_text()
    first = text.splitlines()[1].split(",")[0]
    changed = text.replace(f"{first},train,,", f"{first},train,abc,def")
    (tmp_path / "voc_subset.csv").write_text(changed)
    monkeypatch.setattr(script, "DATA", tmp_path)
    monkeypatch.setattr("sys.argv", ["choose_voc_subset.py"])
    with redirect_stdout(io.StringIO()):
        script.main()
    assert (tmp_path / "voc_subset.csv").read_text() == changed


def test_checksums_come_from_the_record_of_a_whole_archive_only(
    script, tmp_path, monkeypatch
):
    record = tmp_path / "download.json"
    record.write_text('{"archive_md5": "not compared", "files": {}}')
    arguments = ["choose_voc_subset.py", "--checksums", str(record)]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit, match="not of a whole official archive"):
        script.main()


def test_the_pairs_of_voc_know_sizes_and_shares():
    pairs = {pair.name: pair for pair in _voc_pairs(DATA, all_pairs=True)}
    assert len(pairs) == 2913
    first = pairs["2007_000032"]  # 281×500; aeroplane 3.37 %, person 0.62 %
    assert (first.split, first.size) == ("train", (281, 500))
    assert first.shares == {1: 0.0337, 15: 0.0062}
    assert len(_voc_pairs(DATA, all_pairs=False)) == 900


def test_camvid_is_split_as_segnets_authors_split_it():
    pairs = _camvid_pairs(DATA)
    counts = Counter(pair.split for pair in pairs)
    assert counts == {"train": 367, "val": 101, "test": 233}
    assert len({pair.name for pair in pairs}) == 701
    assert {pair.size for pair in pairs} == {(360, 480)}
