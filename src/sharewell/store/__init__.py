"""Where records live, and the only folder that holds a connection to them.

``engine.py`` is the interface, ``duckdb.py`` what stands behind it, ``snapshots.py`` the immutable encrypted
tables that a run swaps in at its end, ``keys.py`` the keys that wrap each other, ``control.py`` the control plane.
"""
