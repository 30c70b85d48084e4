from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from .models import Room


class RoomForm(forms.ModelForm):
    class Meta:
        model = Room
        fields = ["name", "topic"]

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        slug = slugify(name)
        if not slug:
            raise ValidationError("A name needs a letter or a digit.")
        if Room.objects.filter(slug=slug).exists():
            raise ValidationError("There is a room of that name.")
        self.instance.slug = slug
        return name
