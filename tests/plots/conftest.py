import matplotlib as mpl
import pytest

mpl.use("Agg")


@pytest.fixture(autouse=True)
def unchanged_settings():
    """Hold that no plot changes matplotlib's settings."""
    before = dict(mpl.rcParams)
    yield
    assert dict(mpl.rcParams) == before
