from django.urls import path

from . import views

app_name = "notes"
urlpatterns = [
    path("", views.NoteList.as_view(), name="list"),
    path("write/", views.write, name="write"),
    path("notes/<int:pk>/", views.detail, name="detail"),
    path("tally/<int:year>/", views.tally, name="tally"),
]
