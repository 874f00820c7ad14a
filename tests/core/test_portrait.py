from io import BytesIO

import pytest
from parvis.image import Variant, process
from parvis.testing.portrait import CROWNS, FEMININE, MASCULINE, ON_TOP, portrait
from parvis.testing.scene import SCENES, scene
from PIL import Image


def test_one_seed_is_one_face_and_another_seed_another():
    assert portrait("anna", 120) == portrait("anna", 120)
    assert len({portrait(str(seed), 60) for seed in range(30)}) == 30


def test_a_portrait_is_a_square_photo_that_the_site_accepts():
    result = process(portrait("anna"), variants=[Variant("face", 96, square=True)])
    assert (result.width, result.height, result.sizes) == (800, 800, {"face": (96, 96)})


def test_every_hair_is_drawn_for_someone():
    assert set(FEMININE) | set(MASCULINE) == set(CROWNS) | set(ON_TOP)
    for look in ("any", "feminine", "masculine"):
        for seed in range(40):
            portrait(str(seed), 40, look=look)


@pytest.mark.parametrize("kind", SCENES)
def test_every_place_is_drawn_and_has_many_colours(kind):
    for seed in range(4):
        picture = Image.open(BytesIO(scene(kind, str(seed), 200)))
        assert picture.size == (200, 150)
        assert len(picture.getcolors(40_000)) > 500
