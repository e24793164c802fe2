"""What an OAUTHBEARER login at Kafka needs to know."""

from pydantic import BaseModel, ConfigDict, SecretStr


class OAuthSettings(BaseModel):
    """Where the token of an OAUTHBEARER login comes from, by the client-credentials grant."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    token_url: str = ""
    """Token endpoint of the issuer that the brokers trust."""
    client_id: str = ""
    """This service there."""
    client_secret: SecretStr = SecretStr("")
    """Of the client."""
    scope: str = ""
    """What is asked for; empty: what the issuer gives by itself."""
    audience: str = ""
    """Whom the token is for, where the issuer wants it said."""
    extensions: dict[str, str] = {}
    """What some brokers want to know beside the token, as JSON: `{"logicalCluster": "lkc-1"}`."""
