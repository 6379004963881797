"""Read what a service sends and map its columns to a standard; set unreadable rows aside.

Start with ``read.py``. Standards are Frictionless Table Schema files in ``standards/``, written with our own
field types. Engines never sniff: the pre-flight accounts for every physical line (RFC 4180 where files keep
it).
"""
