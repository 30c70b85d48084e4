from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Plot(models.Model):
    number = models.CharField(max_length=6, unique=True, help_text="As painted on the post: 14, 14a, …")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="plots"
    )
    square_metres = models.PositiveSmallIntegerField(default=125)
    has_shed = models.BooleanField(default=False)
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"Plot {self.number}"

    def get_absolute_url(self):
        return reverse("plots:detail", args=[self.number])

    @property
    def is_free(self):
        return self.holder_id is None

    def growing(self):
        return self.plantings.filter(cleared_on=None)


class Crop(models.Model):
    name = models.CharField(max_length=60, unique=True)
    weeks_to_harvest = models.PositiveSmallIntegerField()
    frost_hardy = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Planting(models.Model):
    plot = models.ForeignKey(Plot, on_delete=models.CASCADE, related_name="plantings")
    crop = models.ForeignKey(Crop, on_delete=models.PROTECT)
    variety = models.CharField(max_length=80, blank=True)
    planted_on = models.DateField(default=timezone.localdate)
    cleared_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-planted_on", "crop__name"]

    def __str__(self):
        return f"{self.crop} on {self.plot}"

    @property
    def ready_on(self):
        return self.planted_on + timedelta(weeks=self.crop.weeks_to_harvest)

    @property
    def is_ready(self):
        return self.cleared_on is None and self.ready_on <= timezone.localdate()


class Shift(models.Model):
    """An hour of common work that every plot owes."""

    day = models.DateField()
    job = models.CharField(max_length=120)
    wanted = models.PositiveSmallIntegerField(default=3)
    volunteers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="shifts")

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return f"{self.job}, {self.day:%d %B}"

    def places_left(self):
        return max(0, self.wanted - self.volunteers.count())
