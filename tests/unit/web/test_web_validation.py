"""Validation findings name the field and the rule, never the value (docs/api)."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from cpt.web.forms import Form, Line, Text
from cpt.web.validation import field_errors


class Color(Enum):
    RED = "red"


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


KINDS: list[Any] = [
    int, float, bool, date, datetime, UUID, Decimal, Color, Literal["a", "b"], list[int], dict[str, int],
    Annotated[str, Field(max_length=3)], Annotated[str, Field(pattern="^a$")], Annotated[int, Field(gt=5)],
    Annotated[Cat | Dog, Field(discriminator="kind")], int | date, Cat,
]  # fmt: skip


def findings(kind, value):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return field_errors(caught.value.errors())


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("value", ["zq5wxj", {"kind": "zq5wxj"}, ["zq5wxj"]], ids=["text", "object", "list"])
def test_no_message_repeats_what_was_sent(kind, value):
    found = findings(kind, value)

    assert found
    assert not [error for error in found if "zq5wxj" in error.message or "`z`" in error.message]
    assert all(error.message.endswith(".") for error in found)
    assert not [error for error in found if error.message.startswith(("Input", "Value", "String", "List", "Decimal"))]


def test_a_message_says_which_rule_was_broken():
    assert findings(Annotated[int, Field(gt=5)], 4)[0].message == "This must be more than 5."
    assert findings(Literal["a", "b"], 4)[0].message == "Choose one of: 'a' or 'b'."
    assert findings(UUID, "zq")[0].message == "This is not the name of anything here."


@pytest.mark.parametrize("text", ["a\x00b", "bell\x07"])
@pytest.mark.parametrize("kind", [Line, Text])
def test_text_that_the_database_cannot_keep_is_a_wrong_field_and_no_fault_of_ours(kind, text):
    assert findings(kind, text)[0].message == "This text holds characters that cannot be kept."


@pytest.mark.parametrize("kind", [Line, Text])
def test_half_a_character_is_a_wrong_field_and_no_fault_of_ours(kind):
    assert findings(kind, "\ud800")[0].code == "string_unicode"


def test_a_line_is_one_line_and_a_text_may_be_several():
    assert findings(Line, "a\nb")[0].message == "Write this on one line."
    assert TypeAdapter(Text).validate_python(" a\r\n\tb ") == "a\r\n\tb"


def test_a_form_comes_back_with_what_was_typed_and_one_message_for_each_field():
    with pytest.raises(ValidationError) as caught:
        Cat.model_validate({"kind": "zq"})
    form = Form.invalid({"kind": "zq", "letter": b"%PDF"}, caught.value.errors())

    assert form.values == {"kind": "zq"}
    assert form.errors == {"kind": "Choose one of: 'cat'."}
