"""The bulletin's last section: what its words mean, and what is to be known of its data."""

from dashboard.bulletin.figures import Figures
from dashboard.bulletin.words import Words
from dashboard.language import one_of


def notes(figures: Figures, say: Words, code: str) -> list[str]:
    """Definitions, and what is to be known of the data."""
    about = figures.about
    as_of = say.minute(about["as_of"], about["zone"])
    before, year = (say.days(about[f"{name}_first"], about[f"{name}_last"]) for name in ("before", "year"))
    unplaced = say("n_unplaced_city", unplaced=say.count(about["unplaced"]), reports=say.count(about["reports_city"]))
    told = [
        (say("n_unit"),), (say("n_contained", as_of=as_of),), (say("n_outcomes"),),
        (say("n_interval"), say("n_compare", before=before, year=year)), (say("n_load"),),
        (say("n_small", k=about["small"]) if about["small"] else say("n_small_off"),),
        (_through(figures, say), unplaced),
        (say("n_boundaries", day=say.day(about["today"])), say("n_frozen", code=code) if code else say("n_draft")),
    ]  # fmt: skip
    return [say("space").join(parts) for parts in told]


def _through(figures: Figures, say: Words) -> str:
    """How far the data reach, naming the channels that stay behind."""
    about = figures.about
    days = {row["channel"]: say.minute(row["through"], about["zone"])[:10] for row in figures["channels"]}
    late = [f"{one_of(say.lang, row['name'], row['name_en'])} {days[row['channel']]}" for row in figures["channels"]
            if days[row["channel"]] < max(days.values())]  # fmt: skip
    at = say.minute(about["through"], about["zone"])
    return say("n_through", at=at, list=say.listed(late)) if late else say("n_through_all", at=at)
