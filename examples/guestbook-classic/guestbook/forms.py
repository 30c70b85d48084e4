from django import forms

from .models import Entry


class EntryForm(forms.ModelForm):
    # People leave it empty, programs fill it in.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Entry
        fields = ('guest', 'home_town', 'room', 'stars', 'text')
        widgets = {'stars': forms.RadioSelect, 'text': forms.Textarea(attrs={'rows': 6})}

    def clean_website(self):
        if self.cleaned_data['website']:
            raise forms.ValidationError('This looks like a program.')
        return ''

    def clean_text(self):
        text = self.cleaned_data['text'].strip()
        if len(text.split()) < 3:
            raise forms.ValidationError('A few words more, please.')
        return text
