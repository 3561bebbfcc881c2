"""The amount that an expert suggests gets its own column; before it was the first line of his comment."""

import re

from django.db import migrations, models

CARD, SCORE = "funding_scorecard", "funding_score"
#: What stays as it was signed; an annulment changes state and its own columns.
BEFORE = ("reading_id", "comment", "total", "signed_at", "signed_by_id")
AFTER = (*BEFORE, "suggested_fen")
_LINE = re.compile(r"建议资助 ([0-9]{1,12})(?:\.([0-9]{2}))? 元。(?:\n|$)")


def _changed(operator, kept):
    same = " AND ".join(f'OLD."{name}" {operator} NEW."{name}"' for name in kept)
    return f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR OLD.state = 'annulled' OR NOT ({same}))"


def _signed(row):
    return "(SELECT state FROM funding_scorecard WHERE id = " + row + ".card_id) <> 'draft'"  # noqa: S608 - names of ours


def _guards(vendor, kept):
    if vendor == "postgresql":
        yield f"""CREATE TRIGGER {CARD}_update BEFORE UPDATE ON {CARD}
        FOR EACH ROW WHEN ({_changed("IS NOT DISTINCT FROM", kept)}) EXECUTE FUNCTION funding_card_refuse()"""
        return
    yield f"""CREATE TRIGGER {CARD}_update BEFORE UPDATE ON {CARD} WHEN {_changed("IS", kept)}
    BEGIN SELECT RAISE(ABORT, 'a signed score card is never changed'); END"""
    for moment, rows in (("insert", ("NEW",)), ("update", ("OLD", "NEW")), ("delete", ("OLD",))):
        yield f"""CREATE TRIGGER {SCORE}_{moment} BEFORE {moment.upper()} ON {SCORE}
        WHEN {" OR ".join(_signed(row) for row in rows)}
        BEGIN SELECT RAISE(ABORT, 'scores of a signed card are never changed'); END"""


def _down(apps, schema_editor):
    """SQLite makes the table anew, which triggers that name it would hinder."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {CARD}_update ON {CARD}", params=None)
        return
    for name in (f"{CARD}_update", f"{SCORE}_insert", f"{SCORE}_update", f"{SCORE}_delete"):
        schema_editor.execute(f"DROP TRIGGER {name}", params=None)


def _put_up(kept):
    def up(apps, schema_editor):
        for statement in _guards(schema_editor.connection.vendor, kept):
            schema_editor.execute(statement, params=None)

    return up


def split(apps, schema_editor):
    cards = apps.get_model("funding", "ScoreCard").objects
    for card in cards.filter(comment__startswith="建议资助 ").iterator():
        found = _LINE.match(card.comment)
        if found is not None:
            card.suggested_fen = int(found[1]) * 100 + int(found[2] or 0)
            card.comment = card.comment[found.end() :]
            card.save(update_fields=["suggested_fen", "comment"])


def join(apps, schema_editor):
    cards = apps.get_model("funding", "ScoreCard").objects
    for card in cards.filter(suggested_fen__isnull=False).iterator():
        yuan, fen = divmod(card.suggested_fen, 100)
        card.comment = f"建议资助 {yuan}{f'.{fen:02}' if fen else ''} 元。\n{card.comment}".rstrip()
        card.save(update_fields=["comment"])


class Migration(migrations.Migration):
    dependencies = [("funding", "0007_mending")]

    operations = [
        migrations.RunPython(_down, _put_up(BEFORE)),
        migrations.AddField(
            model_name="scorecard",
            name="suggested_fen",
            field=models.BigIntegerField(null=True, verbose_name="建议资助金额（分）"),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("suggested_fen__isnull", True), ("suggested_fen__gte", 0), _connector="OR"),
                name="score_card_amount_lawful",
                violation_error_message="建议金额不能小于零。",
            ),
        ),
        migrations.RunPython(split, join),
        migrations.RunPython(_put_up(AFTER), _down),
    ]
