from datetime import timedelta
from pathlib import Path

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import Order

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".pdf"}
LARGEST = 10 * 1024 * 1024


class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["portions", "inscription", "picture", "customer", "email", "fetched_on"]
        widgets = {"fetched_on": forms.DateInput(attrs={"type": "date"})}

    def clean_picture(self):
        picture = self.cleaned_data["picture"]
        if picture and Path(picture.name).suffix.lower() not in PICTURES:
            raise ValidationError("A photograph, a drawing or a PDF, please.")
        if picture and picture.size > LARGEST:
            raise ValidationError("That is more than 10 MB.")
        return picture

    def clean_fetched_on(self):
        day = self.cleaned_data["fetched_on"]
        soonest = timezone.localdate() + timedelta(days=self.instance.cake.days_ahead)
        if day < soonest:
            raise ValidationError(f"It takes until {soonest:%d %B}.")
        return day
