import os

import pytest

from course_utils.datasets.text_files import read_lines

LINES = ["p00", "été", "부리 2"]
TEXT = "\r\n".join([LINES[0], "", f"  {LINES[1]} ", LINES[2], ""])


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.encode("utf-8-sig"),  # Notepad, Excel
        TEXT.encode("utf-16"),  # PowerShell's >
        "\ufeff".encode("utf-16-be") + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("é", "e\u0301").encode(),  # macOS
    ],
)
def test_text_is_read_however_it_was_saved(tmp_path, content):
    (tmp_path / "names.txt").write_bytes(content)
    assert read_lines(tmp_path / "names.txt") == LINES


@pytest.mark.parametrize("encoding", ["cp949", "shift-jis"])
def test_other_encodings_are_named_and_how_to_save_the_file(tmp_path, encoding):
    (tmp_path / "names.txt").write_bytes("p00\nテスト\n".encode(encoding))
    with pytest.raises(ValueError, match=r"names\.txt must be text in UTF-8, .*byte 4"):
        read_lines(tmp_path / "names.txt")


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"names\.txt"):
        read_lines(tmp_path / "names.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "names.txt")
    with pytest.raises(ValueError, match="must be a text file"):
        read_lines(tmp_path / "names.txt")
