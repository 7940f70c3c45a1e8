"""Addresses of which one has no door, as a room that forgot it would declare them."""

from django.http import HttpResponse
from django.urls import include, path

from communis.portal.urls import urlpatterns as guarded


def forgotten(request):
    return HttpResponse("ouvert")


urlpatterns = [*guarded, path("export/", include([path("tout.csv", forgotten)]))]
