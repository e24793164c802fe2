"""SQL stays SQL: a file of named queries, each with a purpose (style §2)."""

from pathlib import Path

import pytest

from cpt.postgres.queries import Queries, parse

FILES = sorted(Path().glob("shared/src/cpt/*/queries.sql")) + sorted(Path().glob("services/*/src/*/**/*queries.sql"))


def test_a_query_runs_from_its_name_to_the_next():
    text = "-- The file's purpose.\n\n-- name: first_one\n-- Says one.\nSELECT 1;\n\n-- name: second_1\nSELECT\n  2;\n"

    assert parse(text) == {"first_one": "-- Says one.\nSELECT 1;", "second_1": "SELECT\n  2;"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("-- name: same\nSELECT 1;\n-- name: same\nSELECT 2;", "two queries are named same"),
        ("SELECT 1;\n-- name: late\nSELECT 2;", "SQL before the first name: 'SELECT 1;'"),
    ],
)
def test_a_file_that_hides_a_query_is_refused(text, fault):
    with pytest.raises(ValueError, match=fault):
        parse(text)


@pytest.mark.parametrize("line", ["-- name: Upper", "-- name: two words", "-- name:", "--name: close", "-- name: 1st"])
def test_another_form_of_name_is_a_comment(line):
    assert parse(f"-- name: good\n{line}\nSELECT 1;") == {"good": f"{line}\nSELECT 1;"}


def test_an_unknown_name_is_an_error_of_its_own():
    with pytest.raises(AttributeError, match="no query is named nobody"):
        _ = Queries("cpt.messaging").nobody


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_query_of_the_product_has_a_line_of_purpose_and_a_statement(file):
    for name, query in parse(file.read_text()).items():
        purpose, _, statement = query.partition("\n")
        assert purpose.startswith("-- "), name
        assert statement.strip(), name
