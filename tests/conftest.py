"""What every test shares."""

from hypothesis import settings

settings.register_profile("house", deadline=None)  # a shared machine may pause; time is measured in bench/, not here
settings.load_profile("house")
