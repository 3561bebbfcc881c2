"""Why a move of a project is refused."""

MOVE_MESSAGES: dict[str, str] = {
    "MOVE.unknown": "没有这种办理。",
    "MOVE.state": "项目现为“{state}”，不能{move}；现在可以：{moves}。",
    "MOVE.end": "项目现为“{state}”，已经办结，不能{move}。",
    "MOVE.who": "{move}由{who}办理。",
    "MOVE.needs": "{move}还缺：{needs}。",
}
