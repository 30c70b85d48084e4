from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower, Substr
from django.urls import reverse
from django.utils import timezone


class Species(models.Model):
    common_name = models.CharField(max_length=80)
    latin_name = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name_plural = "species"
        ordering = ["common_name"]
        constraints = [models.UniqueConstraint(Lower("common_name"), name="species_named_once")]

    def __str__(self):
        return self.common_name


class NoteQuerySet(models.QuerySet):
    def of_year(self, year):
        return self.filter(seen_at__year=year)

    def visible_to(self, user):
        shared = models.Q(shared=True)
        return self.filter(shared | models.Q(walker=user) if user.is_authenticated else shared)


class Note(models.Model):
    walker = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes")
    text = models.TextField(help_text="Markdown. Name what you saw and it goes into the tally.")
    seen_at = models.DateTimeField(default=timezone.now)
    headline = models.GeneratedField(
        expression=Substr("text", 1, 60), output_field=models.CharField(max_length=60), db_persist=True
    )
    latitude = models.DecimalField(
        max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    species = models.ManyToManyField(Species, blank=True, related_name="notes")
    shared = models.BooleanField(default=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at"]
        indexes = [models.Index(fields=["walker", "seen_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="note_has_both_or_no_coordinates",
                violation_error_message="Give both coordinates, or neither.",
            )
        ]

    def __str__(self):
        return f"{self.walker}, {self.seen_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("notes:detail", args=[self.pk])
