"""Keeps django-debug-toolbar out of sight."""


def hidden(request):
    """False: for SHOW_TOOLBAR_CALLBACK."""
    return False
