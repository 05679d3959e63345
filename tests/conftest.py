import matplotlib.pyplot as plt
import pytest
import torch

from course_utils.cli import main as cli


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Compute on one core: for tensors this small, threads only wait for each other."""
    number = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(number)


@pytest.fixture(autouse=True)
def same_draws():
    """Draw the same random numbers in a test, whatever ran before it."""
    torch.manual_seed(0)


@pytest.fixture(autouse=True)
def close_figures():
    """Leave no figure to the tests that come after, in whatever order."""
    yield
    plt.close("all")


@pytest.fixture
def run_command(capsys):
    """Run a command of the course; return its status and what it printed."""

    def run(*arguments):
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            status = stopped.code
        printed = "".join(capsys.readouterr())
        assert "Traceback" not in printed
        return status, printed

    return run
