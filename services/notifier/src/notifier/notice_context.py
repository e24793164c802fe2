"""Builds the `NoticeContext` from the settings."""

from cpt.campus.university import HERE
from cpt.contracts.values import Recipient
from notifier.compose_mail import SenderIdentity
from notifier.mail_renderer import MailRenderer
from notifier.notice_rules import Watchers
from notifier.reserve_notice import NoticeContext
from notifier.settings import NotifierSettings


def build_notice_context(settings: NotifierSettings) -> NoticeContext:
    notices = settings.notifier
    office = notices.office or HERE.get().office
    return NoticeContext(
        renderer=MailRenderer(),
        sender=SenderIdentity(
            office=office,
            address=notices.from_address,
            reply_to=notices.reply_to,
            domain=notices.message_id_domain,
            phone=settings.office.phone,
            postal=settings.office.address,
            hours=settings.office.hours,
        ),
        watchers=Watchers(
            compliance=Recipient(name="CPT compliance", email=notices.compliance_address),
            by_step=notices.escalation_addresses,
            office=Recipient(name=office, email=notices.tasks_address or notices.compliance_address),
        ),
        intake=settings.links.intake,
        review=settings.links.review,
        consultation_key=settings.consultation.key.get_secret_value(),
    )
