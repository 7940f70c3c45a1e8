"""The settings of the product, with the application that works."""

from communis import settings as product

globals().update({name: getattr(product, name) for name in dir(product) if name.isupper()})
INSTALLED_APPS = [*product.INSTALLED_APPS, "factories.working"]
