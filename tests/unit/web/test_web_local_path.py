"""Where a sign-in may lead back to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpt.web.signin import local_path


@pytest.mark.parametrize("path", ["/", "/requests/0198?tab=2", "/cases?state=waiting&limit=5", "/a//b"])
def test_a_page_of_this_service_is_returned_to(path):
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", "x", "//evil.example", "///x", "/\\evil.example", "/a\\b", "https://evil.example", "javascript:alert(1)",
     "/\t/evil.example", "/a\nSet-Cookie: x=y", "/ x", "/signin", "/signout", "/signin/callback?code=1", "/api/me",
     "/" + "x" * 2000],
)  # fmt: skip
def test_anything_else_leads_to_the_start_page(path):
    assert local_path(path) == "/"


@given(st.text(alphabet=st.sampled_from("/\\.@:evil%\t\r\n #?"), max_size=12))
def test_no_text_leads_to_another_host(path):
    target = local_path(path)

    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))
    assert not set(target) & set("\\\t\r\n ")
