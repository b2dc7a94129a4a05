"""`report bulletin`, `report bulletins`, `report meeting`: what is signed, hung up and laid on the table."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.report_commands.root import report_app
from dashboard.report_options import Format, PolicyCode

Lang = Annotated[str, typer.Option("--lang", help="zh or en.")]


@report_app.command()
def bulletin(
    place: Annotated[str, typer.Option("--place", help="KIND:CODE, for example station:PS01 or district:370202.")],
    month: Annotated[str | None, typer.Option("--month", help="A month such as 2026-05.")] = None,
    week: Annotated[str | None, typer.Option("--week", help="A week such as 2026-W20.")] = None,
    number: Annotated[
        str | None, typer.Option("--number", help="An issued one again, by YEAR-NO such as 2026-3.")
    ] = None,
    policy: PolicyCode = "QD",
    lang: Lang = "zh",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path(),
    issue: Annotated[bool, typer.Option("--issue", help="Number it and freeze its figures.")] = False,
    formats: Annotated[str, typer.Option("--formats", help="html, pdf, xlsx, with commas between.")] = "html,pdf,xlsx",
    small: Annotated[
        int,
        typer.Option(
            "--suppress", min=0, help="Put counts of cells, communities, categories below it together; 0: none."
        ),
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures instead of writing files.")] = False,
) -> None:
    """Write the bulletin 通报 of a place: HTML, A4 PDF and XLSX; a draft unless issued."""
    from dashboard.bulletin import issue as doing
    from dashboard.bulletin.reading import model_view
    from dashboard.bulletin.words import words
    from dashboard.reporting import asking
    from geo.errors import InputError

    words(lang)
    forms = doing.formats_of(formats)
    desk = asking.desk_of()
    if number is not None:
        if month or week or issue:
            raise InputError("--number renders what was issued: leave --month, --week and --issue out.")
        figures, done = doing.issued(desk, place, number)
    else:
        period = doing.period_of(month, week)
        figures, done = doing.draft(desk, model_view(desk), place, period, policy, small), None
        if issue:
            figures, done = doing.issue(desk, figures)
            typer.echo(f"Issued as {done.year}-{done.no} of {place}, checksum {done.digest[:12]}.", err=True)
    if as_json:
        print(figures.text())
        return
    desk.exported(f"bulletin:{doing.name_of(figures, done, lang)}")
    for path, size in doing.write(figures, done, out, forms, lang):
        typer.echo(f"{path}: {size / 1000:,.0f} kB")


@report_app.command()
def bulletins(
    place: Annotated[str | None, typer.Option("--place", help="Only of KIND:CODE.")] = None, form: Format = "table"
) -> None:
    """List the bulletins that were issued, the newest first."""
    from dashboard.reporting import asking
    from dashboard.reporting.showing import show
    from db.bulletins import bulletins as listed

    with asking.desk_of().connection() as conn:
        found = listed(conn, place)
    found = found.assign(number=found["year"].astype(str) + "-" + found["no"].astype(str))
    found["issued_at"] = [at.isoformat(timespec="seconds") for at in found["issued_at"]]
    show(
        found[
            [
                "place",
                "number",
                "first",
                "last",
                "policy",
                "issued_at",
                "issued_by",
                "replaces",
                "replaced_by",
                "digest",
            ]
        ],
        form,
    )


@report_app.command()
def meeting(
    beat: Annotated[str, typer.Argument(help="Code of the beat.")],
    at: Annotated[str | None, typer.Option("--at", help="The instant of the meeting (ISO), default now.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="A .html, .pdf, .xlsx or .csv file; without it a table.")
    ] = None,
    lang: Lang = "zh",
) -> None:
    """Write the list for a beat's joint meeting 例会: overdue, reported again, due for a revisit, open."""
    from dashboard.bulletin.meeting import meeting_list, write_meeting
    from dashboard.reporting import asking
    from dashboard.reporting.showing import show

    desk = asking.desk_of()
    told = meeting_list(desk, beat, asking.instant(at, desk) or desk.now(), lang)
    if out is None:
        show(told.table(), "table")
        return
    desk.exported(f"meeting:{beat}")
    write_meeting(told, out)
    typer.echo(f"{out}: {len(told.rows)} matters")
