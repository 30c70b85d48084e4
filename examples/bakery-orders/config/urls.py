from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("office/", admin.site.urls),
    path("staff/", include("django.contrib.auth.urls")),
    path("orders/", include("orders.urls")),
    path("", include("catalogue.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
