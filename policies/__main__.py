"""The laws as a CrossGuard pack: `pulumi preview --policy-pack policies` stops at what breaks one."""

from __future__ import annotations

from laws import LAWS, Law, open_buckets
from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)


def policy(law: Law) -> ResourceValidationPolicy:
    """Return *law* as Pulumi asks for it."""

    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        if args.resource_type in law.types:
            for wrong in law.check(args.props):
                report(wrong, None)

    return ResourceValidationPolicy(
        name=law.name,
        description=law.description,
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
    )


def closed_buckets() -> StackValidationPolicy:
    """Return the law that only the whole stack shows."""

    def validate(args: StackValidationArgs, report: ReportViolation) -> None:
        for wrong, urn in open_buckets(args.resources):
            report(wrong, urn)

    return StackValidationPolicy(
        name="every-bucket-is-closed",
        description="Every bucket has its public access blocked.",
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
    )


if __name__ == "__main__":
    PolicyPack(name="companion", policies=[*(policy(law) for law in LAWS), closed_buckets()])
