from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse


class CakeQuerySet(models.QuerySet):
    def on_offer(self):
        return self.filter(on_offer=True)


class Cake(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(unique=True)
    description = models.TextField(blank=True)
    photo = models.ImageField(upload_to="cakes/", blank=True)
    price_per_portion = models.DecimalField(max_digits=6, decimal_places=2, validators=[MinValueValidator(0)])
    days_ahead = models.PositiveSmallIntegerField(default=2, help_text="How long before it is fetched an order must come in.")
    on_offer = models.BooleanField(default=True)

    objects = CakeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("orders:new", args=[self.slug])
