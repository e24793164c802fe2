"""Where the brokers are and how to sign in, as every client of Kafka takes it."""

from typing import Any

from aiokafka.abc import AbstractTokenProvider

from cpt.messaging.kafka_settings import KafkaSettings


def access(settings: KafkaSettings) -> dict[str, Any]:
    """Arguments of aiokafka. Raises ImportError where AWS_MSK_IAM is asked of an image without its signer."""
    carried = "SSL" if settings.tls else "PLAINTEXT"
    known = {"bootstrap_servers": settings.bootstrap_servers, "ssl_context": settings.tls_context()}
    if not settings.logs_in:
        return known | {"security_protocol": carried}
    return known | {"security_protocol": f"SASL_{carried}", **_login(settings)}


def _login(settings: KafkaSettings) -> dict[str, Any]:
    if provider := _token_provider(settings):
        return {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_provider": provider}
    return {
        "sasl_mechanism": settings.mechanism,
        "sasl_plain_username": settings.username,
        "sasl_plain_password": settings.password.get_secret_value(),
    }


def _token_provider(settings: KafkaSettings) -> AbstractTokenProvider | None:
    if settings.mechanism not in ("OAUTHBEARER", "AWS_MSK_IAM"):
        return None
    from cpt.messaging.kafka_tokens import ClientCredentials, SignedForMsk  # noqa: PLC0415 an HTTP client, else not needed

    of_aws = settings.mechanism == "AWS_MSK_IAM"
    return SignedForMsk(settings.aws_region) if of_aws else ClientCredentials(settings.oauth)
