"""JSON logs with an action word and ids, and never personal data: exceptions are logged by class and SQLSTATE."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from opentelemetry import trace

from cpt.messaging.errors import explain
from cpt.runtime.log_limits import FewOfAKind


def configure_logs(service: str, process: str, level: str) -> None:
    """One line of JSON on standard error per event; the libraries' own loggers come the same way."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_personal_data,
        _with_trace,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.EventRenamer("action"),
                structlog.processors.JSONRenderer(sort_keys=False),
            ],
        )
    )
    handler.addFilter(FewOfAKind())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "aiokafka", "httpx2", "faststream"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.contextvars.bind_contextvars(service=service, process=process)


def _with_trace(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """So that a line leads to its trace, and a trace to its lines."""
    running = trace.get_current_span().get_span_context()
    if running.is_valid:
        event["trace_id"] = trace.format_trace_id(running.trace_id)
        event["span_id"] = trace.format_span_id(running.span_id)
    return event


def _without_personal_data(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A traceback's message may hold values (`DETAIL: Key (emplid)=…`): keep where it happened, not what."""
    failure = event.pop("exc_info", None)
    if failure:
        error = (
            failure[1]
            if isinstance(failure, tuple)
            else failure
            if isinstance(failure, BaseException)
            else sys.exception()
        )
        if error is not None:
            event["error"] = explain(error)
            frames = []
            trace = error.__traceback__
            while trace is not None:
                frames.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
                trace = trace.tb_next
            event["at"] = frames[-6:]
    return event
