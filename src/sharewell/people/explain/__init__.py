"""Explain a linkage: a waterfall for one pair of records, a model card for the whole run.

Start with ``scene.Scene``, what is explained: ``Scene.of`` a linkage that kept its records laid out, or
``Scene.of_held`` people. ``pair.explain_pair`` then tells one pair and ``card.make_card`` all of them.
"""
