"""Choose the course's subset of VOC 2012: python tools/choose_voc_subset.py.

Reads voc_index.csv, which lists all official pairs, and writes voc_subset.csv. The
rule, for 600 pairs of train and, by itself, 300 of val:

1. An image counts for a class that covers at least 1 % of its pixels.
2. A pair can be chosen if it counts for a class, and if at most 20 % of it are void.
3. Take the class with the fewest chosen images so far (of equals, the first by name).
4. Of the pairs left that count for it, choose the one with the smallest SHA-256 of its
   id: as good as at random, and the same everywhere. Pass over those that also count
   for a class which has a tenth of all images already, as long as there are others:
   people are in every third photograph. Go on with step 3.

Where a class has no pair left, the others go on without it.
"""

import argparse
import csv
import hashlib
import json
from collections import Counter
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
NUMBERS = {"train": 600, "val": 300}
LEAST_SHARE, MOST_VOID = 0.01, 0.2
COLUMNS = ("id", "split", "image_sha256", "target_sha256")


def counted_classes(row: dict[str, str]) -> frozenset[str]:
    """Return the classes that cover enough of a pair; none if too much is void."""
    if float(row["void_proportion"]) > MOST_VOID:
        return frozenset()
    shares = zip(row["classes"].split(), row["proportions"].split(), strict=True)
    return frozenset(name for name, share in shares if float(share) >= LEAST_SHARE)


def choose(classes: dict[str, frozenset[str]], number: int) -> list[str]:
    """Choose ids by the rule above; ``classes`` are those each pair counts for."""
    left = {name: held for name, held in classes.items() if held}
    chosen: dict[str, frozenset[str]] = {}
    counts = Counter(dict.fromkeys(sorted(set().union(*left.values())), 0))

    def rank(name: str, rarest: str) -> tuple[bool, str]:
        full = any(counts[other] >= number // 10 for other in left[name] - {rarest})
        return full, hashlib.sha256(name.encode()).hexdigest()

    while len(chosen) < number:
        available = set().union(*left.values())
        rarest = min((k for k in counts if k in available), key=counts.__getitem__)
        holding = (name for name, held in left.items() if rarest in held)
        best = min(holding, key=lambda name: rank(name, rarest))
        chosen[best] = left.pop(best)
        counts.update(chosen[best])
    return sorted(chosen)


def read(path: Path) -> list[dict[str, str]]:
    """Read a table; none if there is no such file."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def subset_rows(checksums: dict[str, list[str]]) -> list[dict[str, str]]:
    """Choose the subset; ``checksums`` holds [image, target] by id."""
    index = read(DATA / "voc_index.csv")
    rows = []
    for split, number in NUMBERS.items():
        classes = {r["id"]: counted_classes(r) for r in index if r["split"] == split}
        for name in choose(classes, number):
            values = (name, split, *checksums.get(name, ["", ""]))
            rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def main() -> None:
    """Write voc_subset.csv, and print how many images each class got."""
    parser = argparse.ArgumentParser(description="Write voc_subset.csv.")
    text = "take checksums from the download.json of a verified download"
    parser.add_argument("--checksums", type=Path, metavar="FILE", help=text)
    args = parser.parse_args()
    path = DATA / "voc_subset.csv"
    known = {r["id"]: [r["image_sha256"], r["target_sha256"]] for r in read(path)}
    if args.checksums:
        record = json.loads(args.checksums.read_text(encoding="utf-8"))
        if record.get("archive_md5") != "compared":
            raise SystemExit(f"{args.checksums} is not of a whole official archive")
        files = record["files"]
        for row in subset_rows({}):
            name = row["id"]
            pair = (f"JPEGImages/{name}.jpg", f"SegmentationClass/{name}.png")
            known[name] = [files[key]["sha256"] for key in pair]
    rows = subset_rows(known)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    classes = {r["id"]: counted_classes(r) for r in read(DATA / "voc_index.csv")}
    for split in NUMBERS:
        chosen = [classes[r["id"]] for r in rows if r["split"] == split]
        counts = Counter(name for held in chosen for name in held)
        print(split, len(chosen), dict(sorted(counts.items(), key=lambda c: c[1])))


if __name__ == "__main__":
    main()
