"""An agreement source, so far Handshake, tells of an agreement (R34, R35, P23, cases 46 and 47).

This use case and its event are the port of A19: no rule behind it knows who told.
"""

from cpt.contracts.campus import AgreementChanged
from intake.domain.agreements import Agreement
from intake.domain.request import Request
from intake.line.reevaluate_request import reevaluate_request
from intake.line.unit_of_work import UnitOfWork
from intake.store import add_history, lock_requests_of, put_agreement


async def record_agreement(work: UnitOfWork, event: AgreementChanged) -> None:
    """Kept also when no request is there yet."""
    if not await put_agreement(work.connection, event.emplid, agreement_of(event)):
        return
    await work.audit("handshake", f"agreement_{event.status}", event.agreement_id, version=event.version)
    for request in await lock_requests_of(work.connection, event.emplid):
        saved = await reevaluate_request(work, request, request, "agreement")
        if _stands(saved) != _stands(request):
            await add_history(
                work.connection, request.request_id, work.now, "agreement", "Handshake", status=event.status
            )


def agreement_of(event: AgreementChanged) -> Agreement:
    return Agreement(
        event.agreement_id, event.version, event.kind, event.status, event.employer, event.start_date, event.end_date
    )


def _stands(request: Request) -> object:
    """What of a request an agreement can change."""
    codes = [item.code for item in request.missing if item.code.startswith("agreement.")]
    return request.agreement, codes, request.loss_told
