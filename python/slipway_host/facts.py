"""What a host is."""

OPERATIONS = {}
