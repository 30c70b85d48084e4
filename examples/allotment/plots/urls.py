from django.urls import path

from . import views

app_name = "plots"
urlpatterns = [
    path("", views.PlotList.as_view(), name="list"),
    path("mine/", views.my_plot, name="mine"),
    path("plot/<slug:number>/", views.PlotDetail.as_view(), name="detail"),
    path("plot/<slug:number>/plant/", views.plant, name="plant"),
    path("planting/<int:pk>/clear/", views.clear, name="clear"),
    path("shift/<int:pk>/", views.volunteer, name="volunteer"),
]
