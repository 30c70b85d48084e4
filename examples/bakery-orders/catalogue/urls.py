from django.urls import path

from .views import CakeList

app_name = "catalogue"
urlpatterns = [path("", CakeList.as_view(), name="list")]
