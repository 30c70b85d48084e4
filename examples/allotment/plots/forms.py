from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from .models import Planting


class PlantingForm(forms.ModelForm):
    class Meta:
        model = Planting
        fields = ["crop", "variety", "planted_on"]
        widgets = {"planted_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def clean_planted_on(self):
        day = self.cleaned_data["planted_on"]
        if day > timezone.localdate():
            raise ValidationError("Write it down once it is in the ground.")
        return day
