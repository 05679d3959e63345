import pytest
import torch


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Compute on one core: for tensors this small, threads only wait for each other."""
    number = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(number)
