"""What the probe asks a project's own Django, a file for each kind of fact."""
