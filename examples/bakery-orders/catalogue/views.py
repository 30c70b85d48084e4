from django.core.cache import cache
from django.views.generic import ListView

from .models import Cake

CAKES = "catalogue.cakes"


class CakeList(ListView):
    template_name = "catalogue/list.html"
    context_object_name = "cakes"

    def get_queryset(self):
        return cache.get_or_set(CAKES, lambda: list(Cake.objects.on_offer()), timeout=300)
