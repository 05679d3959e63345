import pytest

from course_utils.experiments.studies.fields import FORMS, FourStages, field_of


@pytest.mark.parametrize(
    ("form", "field"),
    [
        # Stages 1 to 3 with two pools see 40 pixels, with the third pool 44. Then three
        # 3×3 layers and fc6, each 2 · dilation · stride pixels more.
        ("stride 8, fc6 dilated by 1", 44 + 3 * 16 + 16),
        ("stride 8, fc6 dilated by 3", 44 + 3 * 16 + 48),
        ("stride 8, fc6 dilated by 6", 44 + 3 * 16 + 96),
        ("stride 4", 40 + 3 * 8 + 24),
        ("stride 4, dilated", 40 + 3 * 16 + 48),
    ],
)
def test_fields_are_as_the_arithmetic_says(form, field):
    assert field_of(**FORMS[form]) == field


@pytest.mark.parametrize("form", FORMS.values(), ids=str)
def test_logits_have_the_size_of_the_image(form, logits_of):
    assert logits_of(FourStages(5, base_channels=2, **form)).shape == (2, 5, 64, 96)
