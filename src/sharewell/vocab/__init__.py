"""The words everything else is written in: identifiers, lawful bases, parties, errors, steps.

Standard library only, no input or output, so that every other folder may use it. Start with ``step.py``,
the shape every step of a flow returns, and ``errors.py``, every refusal with its code and exit code.
"""
