from django.conf.urls import url

from . import views

app_name = 'guestbook'
urlpatterns = [
    url(r'^$', views.EntryList.as_view(), name='list'),
    url(r'^write/$', views.Write.as_view(), name='write'),
    url(r'^summary\.json$', views.summary, name='summary'),
]
