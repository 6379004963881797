"""Where records live, and the only folder that holds a connection to them.

Start at ``engine.py``, the interface, and ``duckdb.py``, what stands behind it. ``snapshots.py`` holds the
immutable encrypted tables that a run swaps in at its end, ``keys.py`` the keys that wrap each other,
``lock.py`` lets one run work at a time, ``control.py`` opens the control plane. Why so: docs/adr/0003, 0005.
"""
