"""Runs on a host while Slipway is connected to it, and ends with the connection. Only the standard library of Python 3.6 and newer.

It comes through the connection itself (`start.py`) and is never a file on the host.
"""
