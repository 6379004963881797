"""One part of the region: homes, people in households, lives that change, pairs hard to tell apart.

``build.py`` puts the steps in order: homes, households, people, lives, needs, numbers, names, hard pairs.
"""
