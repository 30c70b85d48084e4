import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Cake


def new_reference():
    return secrets.token_hex(4).upper()


class OrderQuerySet(models.QuerySet):
    def to_bake(self, day):
        return self.filter(state=Order.State.CONFIRMED, fetched_on=day).select_related("cake")

    def drafts_before(self, moment):
        return self.filter(state=Order.State.NEW, created_at__lt=moment)


class Order(models.Model):
    class State(models.TextChoices):
        NEW = "new", "new"
        CONFIRMED = "confirmed", "confirmed"
        BAKED = "baked", "baked"
        REFUSED = "refused", "refused"

    reference = models.CharField(max_length=8, unique=True, default=new_reference, editable=False)
    cake = models.ForeignKey(Cake, models.PROTECT, related_name="orders")
    portions = models.PositiveSmallIntegerField(default=8)
    inscription = models.CharField(max_length=60, blank=True)
    picture = models.FileField("a picture of how it should look", upload_to="wishes/%Y/%m/", blank=True)
    customer = models.CharField("your name", max_length=80)
    email = models.EmailField()
    fetched_on = models.DateField("you fetch it on")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW, db_index=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["fetched_on", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(portions__gte=4, portions__lte=60), name="order_of_4_to_60")]

    def __str__(self):
        return f"{self.reference}: {self.portions} × {self.cake}"

    def get_absolute_url(self):
        return reverse("orders:detail", args=[self.reference])

    @property
    def price(self):
        return self.portions * self.cake.price_per_portion
