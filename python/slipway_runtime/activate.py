"""Imported by ``slipway.pth`` at the start of every interpreter of the environment: does nothing unless ``SLIPWAY_PINS`` names a file."""
import os

if os.environ.get('SLIPWAY_PINS'):
    from . import pinned_import

    pinned_import.install(os.environ['SLIPWAY_PINS'])
