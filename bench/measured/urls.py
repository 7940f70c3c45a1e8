"""The addresses of the product, and a page that does nothing behind the same door: what any page costs at least."""

from django.http import HttpResponse

from communis.foundation.doors import route
from communis.portal.urls import urlpatterns as of_the_product


def nothing(request):
    return HttpResponse("")


urlpatterns = [route("rien/", nothing, "nothing"), *of_the_product]
