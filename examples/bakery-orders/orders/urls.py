from django.urls import path

from . import views

app_name = "orders"
urlpatterns = [
    path("", views.Board.as_view(), name="board"),
    path("new/<slug:slug>/", views.NewOrder.as_view(), name="new"),
    path("<slug:reference>/", views.OrderDetail.as_view(), name="detail"),
    path("<slug:reference>/decide/", views.Decide.as_view(), name="decide"),
]
