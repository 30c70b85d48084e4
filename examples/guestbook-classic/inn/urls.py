from django.conf.urls import include, url
from django.contrib import admin

admin.site.site_header = "The Old Inn"

urlpatterns = [
    url(r'^landlord/', admin.site.urls),
    url(r'^i18n/', include('django.conf.urls.i18n')),
    url(r'^', include('guestbook.urls', namespace='guestbook')),
]
