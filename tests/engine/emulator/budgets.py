"""Budgets' TagResource, UntagResource, ListTagsForResource and DescribeSubscribersForNotification."""

from __future__ import annotations

from typing import Any

from moto.budgets.models import budgets_backends

from tests.engine.emulator.asked import ACCOUNT, KEPT, Answer, Asked, Document, told

_NAMES = ("NotificationType", "ComparisonOperator", "Threshold")


def answer(asked: Asked) -> Answer | None:
    """Answer a call about budgets."""
    if asked.service != "budgets":
        return None
    body = asked.body
    match asked.operation:
        case "CreateBudget":
            arn = f"arn:aws:budgets::{ACCOUNT}:budget/{body['Budget']['BudgetName']}"
            KEPT.tags[arn] = {tag["Key"]: tag["Value"] for tag in body.get("ResourceTags", ())}
        case "ListTagsForResource":
            tags = KEPT.tags.get(body["ResourceARN"], {})
            return told({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})
        case "TagResource":
            KEPT.tags.setdefault(body["ResourceARN"], {}).update(
                {tag["Key"]: tag["Value"] for tag in body["ResourceTags"]}
            )
            return told({})
        case "UntagResource":
            for key in body["ResourceTagKeys"]:
                KEPT.tags.get(body["ResourceARN"], {}).pop(key, None)
            return told({})
        case "DescribeSubscribersForNotification":
            return told({"Subscribers": _subscribers(body)})
    return None


def _subscribers(body: Document) -> list[Document]:
    budget: Any = budgets_backends[ACCOUNT]["aws"].budgets[ACCOUNT][body["BudgetName"]]
    asked = [body["Notification"].get(name) for name in _NAMES]
    found = [one for one in budget.notifications if [one.details.get(name) for name in _NAMES] == asked]
    return list(found[0].subscribers) if found else []
