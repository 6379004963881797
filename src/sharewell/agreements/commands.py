"""The command line's ``sharewell agreement``: check a file, and sign it for a party."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharewell.vocab.errors import AgreementInvalid

if TYPE_CHECKING:
    from datetime import datetime

    from sharewell.agreements.terms import Agreement, Finding
    from sharewell.settings import Place

File = Annotated[Path, typer.Argument(metavar="FILE", help="The agreement file.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
COLOURS = {"refuse": "bold red", "attest": "yellow", "warn": "cyan"}


def register(app: typer.Typer) -> None:
    """Add ``sharewell agreement`` to the command line."""
    agreement = typer.Typer(
        name="agreement", help="What was agreed: check a file, sign it.", no_args_is_help=True
    )
    agreement.command("check")(check)
    agreement.command("sign")(sign)
    app.add_typer(agreement)


def check(
    path: File,
    folder: Annotated[
        Path | None, typer.Option("--dir", help="A place: check datasets and signatures too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check an agreement against the rules, and say what to write instead. It does not say what is lawful.

    The exit code is that of agreement-invalid when anything may not be signed.
    """
    from sharewell.agreements.rules import may_be_signed

    agreement, findings = _findings(path, folder)
    if as_json:
        typer.echo(json.dumps(_as_dict(path, agreement, findings), ensure_ascii=False))
    else:
        _print(path, findings)
    if not may_be_signed(findings):
        raise typer.Exit(AgreementInvalid.exit_code)


def sign(
    path: File,
    party: Annotated[str, typer.Option("--party", help="The party's short name in the file.")],
    by: Annotated[str, typer.Option("--by", help="The role that signs, never a machine account.")],
    folder: Annotated[Path, typer.Option("--dir", help="The place that keeps the party's key.")],
    as_json: AsJson = False,
) -> None:
    """Sign an agreement for a party. Any later change but of the status voids the signature."""
    place = _open(folder)
    from sharewell.agreements.actions import sign_for_party

    beside = sign_for_party(place, path, party, by=by, at=_now())
    if as_json:
        typer.echo(json.dumps({"signed": str(path), "party": party, "by": by, "signatures": str(beside)}))
    else:
        typer.echo(f"Signed {path.name} for {party} by {by}; the signature is in {beside.name}.")


def _findings(path: Path, folder: Path | None) -> tuple[Agreement | None, tuple[Finding, ...]]:
    """Return the agreement with all there is to say; no agreement when its file breaks the grammar."""
    from sharewell.agreements.read import read_agreement
    from sharewell.agreements.rules import check_agreement, in_file_order
    from sharewell.agreements.terms import Finding, Severity
    from sharewell.vocab.clock import LONDON

    try:
        agreement = read_agreement(path)
    except AgreementInvalid as error:
        parts = ((each.code, each.clause, each.what, each.instead, each.line) for each in error.findings)
        return None, tuple(Finding(Severity.REFUSE, *each) for each in parts)
    findings = check_agreement(agreement, _now().astimezone(LONDON).date())
    if folder is not None:
        place = _open(folder)
        from sharewell.agreements.queries import place_findings

        findings = in_file_order(agreement, findings + place_findings(place, agreement, path))
    return agreement, findings


def _open(folder: Path) -> Place:
    from sharewell.settings import open_place
    from sharewell.store.control import open_control_plane

    place = open_place(folder)
    open_control_plane(place)
    return place


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _as_dict(path: Path, agreement: Agreement | None, findings: Sequence[Finding]) -> dict[str, object]:
    from dataclasses import asdict

    from sharewell.agreements.rules import may_be_signed

    return {
        "file": path.name,
        "agreement": agreement.id if agreement else None,
        "sha256": agreement.sha256 if agreement else None,
        "may_be_signed": may_be_signed(findings),
        "findings": [asdict(finding) for finding in findings],
    }


def _print(path: Path, findings: Sequence[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from sharewell.agreements.rules import may_be_signed

    if findings:
        table = Table("", "Clause", "Line", "What", "Instead", title=escape(path.name), show_lines=True)
        for each in findings:
            severity = f"[{COLOURS[each.severity]}]{each.severity}[/]"
            line = str(each.line or "")
            table.add_row(severity, escape(each.clause), line, escape(each.what), escape(each.instead))
        Console().print(table)
    verdict = "nothing refuses it" if may_be_signed(findings) else "it may not be signed as it is"
    typer.echo(f"{path.name}: {verdict}. No lawyer has reviewed these rules; this is not advice.")
