"""Draw labeled scenes from a seed: pictures whose truth is known to the pixel.

Start with ``scene.render_scene``; ``dataset`` makes a data set of it. A picture is made
in this order:

1. the setting: ``daylight``, ``stage``, ``backdrop`` (or ``wall``), ``ground``;
2. who is in it, and where: ``phenomena``, ``casting``, ``actor``, ``kinds``;
3. drawing them: ``painters`` and, with light and shadow, ``painting`` on ``canvas``;
4. the result: ``photograph`` for the image, ``truth`` for the target.
"""
