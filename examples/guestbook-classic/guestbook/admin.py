from django.contrib import admin

from .models import Entry, Room


class EntryAdmin(admin.ModelAdmin):
    list_display = ('guest', 'room', 'stars', 'written', 'published')
    list_filter = ('room', 'stars', 'published')
    search_fields = ('guest', 'text')
    date_hierarchy = 'written'
    actions = ['publish']

    def publish(self, request, queryset):
        self.message_user(request, '{0} published.'.format(queryset.publish()))
    publish.short_description = 'Publish selected entries'


admin.site.register(Entry, EntryAdmin)
admin.site.register(Room)
