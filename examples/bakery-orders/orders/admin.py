from django.contrib import admin

from .models import Order


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_display = ["reference", "cake", "portions", "customer", "fetched_on", "state"]
    list_filter = ["state", "cake", "fetched_on"]
    search_fields = ["reference", "customer", "email"]
    date_hierarchy = "fetched_on"
