from django.urls import path

from kit.gallery import views

urlpatterns = [
    path("", views.gallery),
    path("decompte/", views.statement),
    path("adhesions/", views.members),
    path("campagne/", views.campaign),
    path("mairie/", views.mayor),
    path("tickets/", views.queue),
    path("formulaire/", views.form),
    path("connexion/", views.sign_in),
    path("vide/", views.nothing),
    path("interdit/", views.forbidden),
    path("casse/", views.broken),
]
