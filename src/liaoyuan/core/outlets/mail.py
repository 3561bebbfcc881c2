"""The outlet `smtp`: a plain mail through the office's own mail server, by Django's mail backend."""

import smtplib
import ssl
from email.utils import formataddr

from django.core import mail
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from liaoyuan.core.outlets.parcels import MayBeSent, NotSent, Parcel, Setup

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
SECONDS = 15
_REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError, smtplib.SMTPHeloError)


def send(parcel: Parcel, setup: Setup) -> None:
    """Hand one mail to the server. Raises NotSent or MayBeSent."""
    options = setup.options
    if not options.get("host") or not options.get("sender"):
        raise NotSent(_("还没有填写邮件服务器和发件地址。"))
    if not parcel.to.email:
        raise NotSent(_("对方没有登记邮箱，请改用电话。"))
    connection = import_string(BACKEND)(
        alias="outlet", host=options["host"], port=int(options.get("port") or 25),
        username=options.get("username") or "", password=setup.secret,
        use_tls=options.get("security") == "starttls", use_ssl=options.get("security") == "tls",
        timeout=SECONDS,
    )  # fmt: skip
    sender = formataddr((str(options.get("sender_name") or ""), str(options["sender"])))
    letter = mail.EmailMessage(parcel.title, parcel.text, sender, [parcel.to.email])
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(_("邮件服务器不接受用户名和密码。")) from error
    except (OSError, ssl.SSLError, smtplib.SMTPException) as error:
        raise NotSent(_("连不上邮件服务器。"), again=True) from error
    try:
        taken = connection.send_messages([letter])
    except _REFUSED as error:
        raise NotSent(_("邮件服务器拒绝了这封邮件。")) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MayBeSent(_("与邮件服务器的连接中断，可能已经发出。")) from error
    finally:
        connection.close()
    if not taken:
        raise NotSent(_("邮件服务器没有收下这封邮件。"))


def was_sent(key: str) -> bool | None:
    """Nobody can tell afterwards."""
    return None
