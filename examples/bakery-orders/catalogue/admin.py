from django.contrib import admin

from .models import Cake


@admin.register(Cake)
class CakeAdmin(admin.ModelAdmin):
    list_display = ["name", "price_per_portion", "days_ahead", "on_offer"]
    list_editable = ["on_offer"]
    prepopulated_fields = {"slug": ["name"]}
