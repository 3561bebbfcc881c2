"""Commands about messages: what did not go out, sending it again, a test of an outlet."""

import argparse
from typing import Any

from liaoyuan.conf.cli.common import DONE, REFUSED, Unusable, actor, answer


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    parser = commands.add_parser("messages", help="消息：查看、重发、测试发送渠道")
    parser.add_argument("what", choices=["list", "repeat", "test"])
    parser.add_argument(
        "ids", nargs="*", type=int, metavar="编号", help="repeat：只重发这几条；不写则重发全部没有发出的"
    )
    parser.add_argument("--state", default="", help="list：只列这种状态（queued、sent、failed、unsure、dropped）")
    parser.add_argument("--unsure", action="store_true", help="repeat：“可能已发出”的也重发（对方可能收到两次）")
    parser.add_argument("--outlet", default="file", help="test：渠道（file、webhook、smtp）")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(handler=manage)


def manage(args: argparse.Namespace) -> int:
    """`liaoyuan messages list|repeat|test`. `list` ends with 1 when something did not go out."""
    from liaoyuan.core import clock
    from liaoyuan.core.access import Operator
    from liaoyuan.core.actions import messages
    from liaoyuan.core.models import Message
    from liaoyuan.core.queries import messages as queries
    from liaoyuan.core.queries.outlets import STATE_TITLES

    if args.state and args.state not in STATE_TITLES:
        raise Unusable(f"没有“{args.state}”这种状态。可以写：{'、'.join(STATE_TITLES)}。")
    by, at = actor(args), clock.now()
    if args.what == "test":
        made = messages.send_test(kind=args.outlet, by=by, at=at)
        answer(args, {"message": made[0].pk}, [f"测试消息 {made[0].pk} 已排队，由后台进程发送。"])
        return DONE
    rows = Message.objects.all() if isinstance(by, Operator) else queries.own(by)
    if args.what == "repeat":
        ids = args.ids or list(rows.troubled().values_list("pk", flat=True))
        n = messages.repeat(ids=ids, by=by, at=at, unsure=args.unsure)
        answer(args, {"repeated": n}, [f"已重新排队 {n} 条。"])
        return DONE if n or not args.ids else REFUSED
    if args.state:
        rows = rows.filter(state=args.state)
    shown: list[dict[str, Any]] = [
        {"id": m.pk, "state": m.state, "outlet": m.outlet, "subject": m.subject_label, "title": m.title,
         "attempts": m.attempts, "error": m.error, "made_at": m.made_at.isoformat()}
        for m in rows.order_by("-made_at", "-pk")[: args.limit]
    ]  # fmt: skip
    troubled = rows.troubled().count()
    lines = [f"{m['id']}\t{STATE_TITLES[m['state']]}\t{m['outlet']}\t{m['subject']}\t{m['error']}" for m in shown]
    answer(args, {"messages": shown, "troubled": troubled}, [*lines, f"没有发出或说不准的 {troubled} 条。"])
    return REFUSED if troubled else DONE
