"""What travels through the browser can be neither read nor changed there."""

import pytest

from cpt.web.options import Identity
from cpt.web.sealing import Vault

OLD, NEW = "an old secret with enough characters", "a new secret with enough characters!"


def test_a_sealed_value_opens_again_and_cannot_be_read():
    vault = Vault([OLD], "session")
    sealed = vault.seal({"sub": "30012345"})

    assert vault.open(sealed) == {"sub": "30012345"}
    assert "30012345" not in sealed


def test_a_changed_secret_still_opens_what_the_old_one_sealed():
    sealed = Vault([OLD], "session").seal({"a": 1})

    assert Vault([NEW, OLD], "session").open(sealed) == {"a": 1}
    assert Vault([NEW], "session").open(sealed) is None


def test_what_was_sealed_for_one_purpose_is_nothing_for_another():
    assert Vault([OLD], "sign-in").open(Vault([OLD], "session").seal({"a": 1})) is None


@pytest.mark.parametrize("secrets", [[], ["short"], [OLD, "short"]])
def test_a_secret_that_can_be_guessed_is_refused(secrets):
    with pytest.raises(ValueError, match="32"):
        Vault(secrets, "session")


@pytest.mark.parametrize("change", [{"insecure_cookies": True}, {"session_secrets": ()}])
def test_what_is_for_development_only_does_not_start_elsewhere(change):
    arguments = {"session_secrets": [OLD], **change}
    identity = Identity("https://issuer.example", "https://intake.example", "cpt", **arguments)

    identity.check("intake", development=True)
    with pytest.raises(ValueError, match="development"):
        identity.check("intake", development=False)


def test_no_client_is_named_like_the_service_whose_access_tokens_its_id_tokens_would_be():
    """ASVS 9.2.2: the audience tells the two kinds of token apart."""
    identity = Identity("https://issuer.example", "https://intake.example", "intake", session_secrets=[OLD])

    with pytest.raises(ValueError, match="ID tokens"):
        identity.check("intake", development=False)
