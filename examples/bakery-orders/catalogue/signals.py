from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from .models import Cake
from .views import CAKES


@receiver([post_save, post_delete], sender=Cake)
def forget_cakes(**kwargs):
    cache.delete(CAKES)
