import numpy as np
import torch

from course_utils.datasets.scenes.scene import render_scene
from course_utils.experiments.studies.drawing import draw_scenes, stack_scenes


def test_scenes_are_drawn_in_order_with_their_own_arguments():
    state = torch.get_rng_state()
    scenes = draw_scenes([{"seed": 4, "size": 64}, {"seed": 2, "size": 64}])
    assert torch.equal(torch.get_rng_state(), state)
    expected = [render_scene(seed=seed, size=64) for seed in (4, 2)]
    for scene, other in zip(scenes, expected, strict=True):
        np.testing.assert_array_equal(scene.image, other.image)
    images, targets = stack_scenes(scenes).tensors
    assert images.shape == (2, 3, 64, 64) and images.dtype == torch.uint8
    np.testing.assert_array_equal(targets[1].numpy(), expected[1].target)
