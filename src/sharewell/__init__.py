"""sharewell: a lawful flow of data between the public services of one place.

A record's journey is the layout: ``sources`` read it, ``cleaning`` mends it, ``places`` finds its UPRN,
``people`` links it, ``agreements`` say who may see what, ``releases`` let that out and nothing else,
``audit`` proves it. Start reading at ``flows/run.py``.
"""

__version__ = "0.1.0"
