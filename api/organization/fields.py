"""A model field that other fields of its row decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField  # takes no parameters at run time


class DerivedTextField(_TextField):
    """Text that the model's method named `compute` makes each time a row is inserted or saved.

    `save` and `bulk_create` fill it; `bulk_update` and `update` do not, since Django offers them no hook.
    Migrations know it as an ordinary text field: models of the past have no methods.
    """

    def __init__(self, *args: Any, compute: str = "", **kwargs: Any) -> None:
        self.compute = compute
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", list(args), dict(kwargs)

    def clone(self) -> DerivedTextField:
        _name, _path, args, kwargs = self.deconstruct()
        return type(self)(*args, compute=self.compute, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002  Django's signature
        value: str = getattr(model_instance, self.compute)()
        setattr(model_instance, self.attname, value)
        return value
