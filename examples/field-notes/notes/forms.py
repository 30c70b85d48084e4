from django import forms

from .models import Note


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text", "seen_at", "latitude", "longitude", "shared"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5, "autofocus": True}),
            "seen_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }
