from django.contrib import admin
from django.db.models import Count

from .models import Note, Species


@admin.register(Species)
class SpeciesAdmin(admin.ModelAdmin):
    list_display = ["common_name", "latin_name", "times"]
    search_fields = ["common_name", "latin_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(times=Count("notes"))

    @admin.display(ordering="times")
    def times(self, species):
        return species.times


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin):
    list_display = ["headline", "seen_at", "walker", "shared"]
    list_filter = ["shared", "species"]
    date_hierarchy = "seen_at"
    autocomplete_fields = ["species"]
