"""Forms of the desk and of the auditor: text to plain values."""

from typing import Any
from uuid import uuid4

from django import forms

from afterglow.clinic.people.looks import Sought
from afterglow.clinic.people.models import Role, Sex, User
from afterglow.clinic.people.services import Details

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DetailsForm(forms.Form):
    """Who somebody is. Nothing is chosen beforehand."""

    given_name = forms.CharField(label="Given name", max_length=80)
    family_name = forms.CharField(label="Family name", max_length=80)
    birth_date = forms.DateField(label="Birth date", widget=DAY)
    sex = forms.ChoiceField(
        label="Sex at birth",
        choices=Sex.choices,
        widget=forms.RadioSelect,
        help_text="Some published models need it.",
    )
    phone = forms.CharField(label="Telephone", max_length=30, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    contact_name = forms.CharField(label="Whom to call in need", max_length=120, required=False)
    contact_phone = forms.CharField(label="Their telephone", max_length=30, required=False)

    @property
    def details(self) -> Details:
        """Valid forms only."""
        return Details(**{name: self.cleaned_data[name] for name in DetailsForm.base_fields})


class AdmitForm(DetailsForm):
    """A new patient. The hidden id makes a form that is sent twice one patient."""

    patient_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    number = forms.CharField(
        label="Patient number", max_length=20, help_text="The clinic's own number."
    )
    another_person = forms.BooleanField(
        label="I compared them: this is another person", required=False
    )

    field_order = ("patient_id", "number")

    def offer_another_person(self, *, wanted: bool) -> None:
        """Ask whether it is another person only after somebody alike was found."""
        if not wanted:
            self.fields["another_person"].widget = forms.HiddenInput()


class CorrectForm(DetailsForm):
    """Newer details of a patient, and the row they replace."""

    fact_id = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    corrects = forms.UUIDField(widget=forms.HiddenInput)


class DayForm(forms.Form):
    """Which day, and whom to search for."""

    day = forms.DateField(label="Day", widget=DAY, required=False)
    words = forms.CharField(label="Name or number", max_length=80, required=False)


class Person(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An account, shown by printed name and role."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {Role(obj.role).label.lower()}"


class SoughtForm(forms.Form):
    """Whose looks, at whom, on which day."""

    patient = forms.CharField(label="Patient: name or number", max_length=80, required=False)
    user = Person(
        label="Who looked", queryset=User.objects.all(), required=False, empty_label="Anybody"
    )
    day = forms.DateField(label="Day", widget=DAY, required=False)

    @property
    def sought(self) -> Sought:
        return Sought(**self.cleaned_data) if self.is_valid() else Sought()
