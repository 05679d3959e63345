"""Draw labeled scenes from a seed: images whose labels are known to the pixel.

``scene.render_scene`` draws one scene; ``dataset.SceneDataset`` makes a data set of
them. A scene is made in this order:

1. ``layout`` divides the image into surfaces, and ``daylight`` chooses the light.
2. ``backdrop`` (or ``house_wall``) and ``ground`` paint sky and surfaces on the
   ``canvas``.
3. ``composition`` chooses the objects from the ``catalog``: first those that show a
   phenomenon (``phenomena``), then ordinary ones. ``placement`` finds room for each.
4. ``painting`` draws them with the ``painters``, and adds light and shadow.
5. ``camera`` makes the image and ``annotation`` the target.

The words in the seeds of the random generators, such as "stage" and "cast", are part of
every scene: another word would draw other scenes.
"""
