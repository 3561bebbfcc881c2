"""Commands about the vault: keys, what stands under old ones, retention, erasing and holding back."""

import argparse
from typing import Any

from liaoyuan.conf.cli.common import DONE, REFUSED, Unusable, actor, answer

_SUBJECTS = ("erase", "hold", "release")


def add_commands(commands: Any) -> None:
    """Enter the commands of this module."""
    vault = commands.add_parser("vault", help="密钥、重新加密、保存期限、删除敏感信息")
    vault.add_argument("what", choices=["status", "rotate", "rewrap", "retention", *_SUBJECTS])
    vault.add_argument("kind", nargs="?", help="erase、hold、release：对象类别，如 organization")
    vault.add_argument("key", nargs="?", help="erase、hold、release：对象的编号")
    vault.add_argument("--index", action="store_true", help="rotate：连同检索散列的密钥一起更换")
    vault.add_argument("--dry-run", action="store_true", help="retention：只统计，不处理")
    vault.add_argument("--reason", default="", help="erase、hold：事由")
    vault.add_argument("--json", action="store_true")
    vault.set_defaults(handler=vault_commands)


def vault_commands(args: argparse.Namespace) -> int:
    """`liaoyuan vault status|rotate|rewrap|retention|erase|hold|release`."""
    if args.what in _SUBJECTS:
        return _about_subject(args)
    return {"status": _status, "rotate": _rotate, "rewrap": _rewrap, "retention": _retention}[args.what](args)


def _status(args: argparse.Namespace) -> int:
    from liaoyuan.core.actions import vault

    told = vault.status()
    waiting = sum(told["remaining"].values())
    lines = [
        *(
            f"{'＊' if key['active'] else '　'}{key['id']}  {key['profile']}  {key['created_on'] or '—'}"
            for key in told["keys"]
        ),
        f"检索密钥 {told['index']}；还有 {waiting} 行用旧密钥加密。",
        *(f"  {column}：{n} 行" for column, n in told["remaining"].items() if n),
        *told["faults"],
    ]  # fmt: skip
    answer(args, told, lines)
    return REFUSED if told["faults"] else DONE


def _rotate(args: argparse.Namespace) -> int:
    from liaoyuan.core import clock
    from liaoyuan.core.actions import vault

    found = vault.rotate(index=args.index, by=actor(args), at=clock.real_now())
    told = {"active": found.active, "index": found.index, "keys": len(found.keys)}
    answer(
        args,
        told,
        [f"新的数据密钥 {found.active} 已启用，旧密钥只用于解密。请备份 keys 文件夹，再运行 liaoyuan vault rewrap。"],
    )
    return DONE


def _rewrap(args: argparse.Namespace) -> int:
    from liaoyuan.core import clock
    from liaoyuan.core.actions import vault

    told = vault.rewrap(by=actor(args), at=clock.real_now())
    done, bad = sum(told["done"].values()), sum(told["unreadable"].values())
    left = sum(told["remaining"].values())
    lines = [f"已重新加密 {done} 行，还剩 {left} 行。"]
    lines += [f"  {column}：{n} 行读不出，没有改动" for column, n in told["unreadable"].items() if n]
    answer(args, {**told, "ok": not (bad or left)}, lines)
    return REFUSED if bad or left else DONE


def _retention(args: argparse.Namespace) -> int:
    from liaoyuan.core import clock
    from liaoyuan.core.actions import retention

    told = retention.run(at=clock.now(), by=actor(args), dry_run=args.dry_run)
    lines = [
        f"{line['title']}：{line['before']} 以前的 {line['due']} 条"
        + ("" if args.dry_run else f"，已处理 {line['ended']} 条")
        + (f"，冻结 {line['kept']} 条" if line["kept"] else "")
        for line in told
    ]
    answer(args, {"dry_run": args.dry_run, "classes": told}, lines)
    return DONE


def _about_subject(args: argparse.Namespace) -> int:
    from liaoyuan.core import clock, registries
    from liaoyuan.core.actions import privacy

    if args.kind not in {entry.subject_kind for entry in registries.sealed_fields} - {"", registries.STAGED}:
        raise Unusable(f"没有“{args.kind or ''}”这种对象，或它没有敏感信息。")
    if not args.key:
        raise Unusable("请写明对象的编号。")
    resolver = registries.scope_kinds.get(args.kind)
    if resolver is not None and resolver.find is not None and resolver.find(args.key) is None:
        raise Unusable(f"没有编号为“{args.key}”的对象。")
    subject, by, at = (args.kind, args.key, ""), actor(args), clock.now()
    if args.what == "erase":
        emptied = privacy.erase(subject=subject, reason=args.reason, by=by, at=at)
        answer(args, {"rows": emptied}, [f"已删除敏感信息 {sum(emptied.values())} 处，并销毁日志密钥。"])
    elif args.what == "hold":
        privacy.hold(subject=subject, reason=args.reason, by=by, at=at)
        answer(args, {"held": True}, ["已冻结，解除前不会删除。"])
    else:
        privacy.release(subject=subject, by=by, at=at)
        answer(args, {"held": False}, ["已解除冻结。"])
    return DONE
