"""What Slipway runs inside a project's own virtual environment.

No dependencies, Python 3.6 and newer. Nothing here runs unless it is asked to: by ``SLIPWAY_PINS`` in the environment
(see ``activate``), or by being started or imported by name.
"""
