from .base import *  # noqa: F403
from .base import BASE_DIR, env

environ_file = BASE_DIR / ".env"
if environ_file.exists():
    env.read_env(environ_file)

DEBUG = True
SECRET_KEY = "flour-water-salt"
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]
SITE_URL = "http://localhost:8000"

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

CELERY_BROKER_URL = "redis://localhost:6379/0"
