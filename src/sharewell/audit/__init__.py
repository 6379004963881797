"""What happened and who did it, with proof that it is unchanged.

An append-only hash chain with an RFC 6962 Merkle root over it, signed at its head. Subjects appear as keyed
tokens only, so that destroying a key erases a person while every proof still verifies (UK GDPR Articles 5(2)
and 17). Start with ``rules.py`` (what is hashed), then ``actions.py`` (how an entry is made) and
``verify.py`` (how tampering is found).
"""
