"""Form fields that screen readers can tie to their label, hint and error."""

import re
from functools import cache
from html.parser import HTMLParser

import pytest
from jinja2 import Template

from cpt.web.assets import Assets
from cpt.web.forms import Form
from cpt.web.pages import environment

PAGE = """{% import "forms.html" as forms %}
{{ forms.error_summary(form, {"employer": "Employer"}) }}
{{ forms.input(form, "employer", "Employer", hint="As on the letter", extra={"autocomplete": "organization"}) }}
{{ forms.input(form, "places.0.city", "City", optional=true) }}
{{ forms.textarea(form, "duties", "Duties") }}
{{ forms.select(form, "route", "Route", [("credit", "Credit"), ("coop", "Co-op")]) }}
{{ forms.radios(form, "paid", "Paid?", [("true", "Yes"), ("false", "No")], hint="Any pay") }}
{{ forms.checkbox(form, "started", "Already started") }}
{{ forms.input(form, "letter", "Letter", type="file") }}{{ forms.once() }}"""

VALUES = {"employer": 'A "B" <C>', "duties": "one\ntwo", "route": "coop", "paid": "false", "started": "true"}
ERRORS = {"employer": "This field is required.", "places.0.city": "Write this on one line.", "paid": "Choose one."}


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Browsers repair attributes that stand twice or without a space between them; a page needs no repair."""
        assert len(dict(attrs)) == len(attrs)
        assert not re.search(r"""=("[^"]*"|'[^']*')[^\s/>]""", self.get_starttag_text() or "")
        self.found.append((tag, dict(attrs)))

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag in tags]


@cache
def page() -> Template:
    return environment([], Assets()).from_string(PAGE)


def shown(form: Form) -> tuple[str, Elements]:
    html = page().render(form=form)
    return html, Elements(html)


@pytest.mark.parametrize("form", [Form(), Form(VALUES, ERRORS)], ids=["empty", "refused"])
def test_every_field_has_a_label_and_every_reference_a_target(form):
    _, page = shown(form)
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    fields = [field for field in page.of("input", "select", "textarea") if field.get("type") != "hidden"]
    described = [
        attributes["aria-describedby"] or "" for _, attributes in page.found if "aria-describedby" in attributes
    ]

    assert len(ids) == len(set(ids))
    assert {field["id"] for field in fields} <= {label["for"] for label in page.of("label")}
    assert {name for names in described for name in names.split()} <= set(ids)
    assert {(link["href"] or "")[1:] for link in page.of("a")} <= set(ids)


def test_a_refused_form_shows_what_was_typed_as_text():
    html, page = shown(Form(VALUES, ERRORS))

    assert page.of("input")[0]["value"] == VALUES["employer"]
    assert "<C>" not in html
    assert "one\ntwo</textarea>" in html
    assert [option["value"] for option in page.of("option") if "selected" in option] == ["coop"]
    assert [choice["value"] for choice in page.of("input") if "checked" in choice] == ["false", "true"]


def test_the_summary_links_every_error():
    html, page = shown(Form(VALUES, ERRORS))

    assert "There is a problem" in html
    assert [link["href"] for link in page.of("a")] == ["#f-employer", "#f-places-0-city", "#f-paid"]
    assert "Employer: This field is required." in html
    assert "There is a problem" in shown(Form({}, {"route": "Choose one."}))[0]


def test_wrong_fields_say_so_to_screen_readers_and_right_ones_do_not():
    _, page = shown(Form(VALUES, ERRORS))
    wrong = [field["id"] for field in page.of("input", "select", "textarea") if field.get("aria-invalid")]

    assert wrong == ["f-employer", "f-places-0-city"]
    assert page.of("fieldset")[0]["aria-describedby"] == "f-paid-hint f-paid-error"


def test_a_form_has_a_key_of_its_own_each_time_it_is_shown():
    keys = {shown(Form())[1].of("input")[-1]["value"] for _ in range(3)}

    assert len(keys) == 3
