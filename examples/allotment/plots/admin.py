from django.contrib import admin

from .models import Crop, Planting, Plot, Shift


class PlantingInline(admin.TabularInline):
    model = Planting
    extra = 0


@admin.register(Plot)
class PlotAdmin(admin.ModelAdmin):
    list_display = ["number", "holder", "square_metres", "has_shed"]
    list_filter = ["has_shed"]
    search_fields = ["number", "holder__username"]
    inlines = [PlantingInline]


@admin.register(Crop)
class CropAdmin(admin.ModelAdmin):
    list_display = ["name", "weeks_to_harvest", "frost_hardy"]


@admin.register(Shift)
class ShiftAdmin(admin.ModelAdmin):
    list_display = ["day", "job", "wanted", "places_left"]
    filter_horizontal = ["volunteers"]
