"""The analysts' questions as one SELECT each, in the SQL of several databases.

The text is the product's own: an analysis over a measure over the referrals. sqlglot turns
it; what it cannot turn is put right here, and this is all there is of it. The product needs
none of it: it is how we know that another database could answer, and what it would take.
"""

from datetime import date
from pathlib import Path

from sqlglot import exp, parse_one

from core.analytics import facts
from core.analytics.measures.definition import measure


Days = tuple[date, date]
_MODELS = Path(facts.__file__).parent / "models"
# What a measure's rows can be counted by: what the rows of every measure have.
WORDS = (
    "commissioner",
    "practice",
    "specialty",
    "service_model",
    "pool",
    "route",
    "problem",
    "priority",
    "age_band",
    "sex",
    "ethnic_category",
    "skin_type",
    "sent_by_role",
    "deprivation",
    "language_group",
    "way",
    "answer",
    "diagnosis",
)
GROUPS = (
    "priority",
    "age_band",
    "sex",
    "ethnic_category",
    "deprivation",
    "skin_type",
    "language_group",
    "sent_by_role",
)
# Days in SQLite are numbers, counted from this one.
DAY_ZERO = date(1970, 1, 1)
_CLICKHOUSE_QUANTILE = "quantileExactInclusiveOrNull({share})({amount})"
_SQLITE_COUNTS = """
select key, sum(whole) as whole, sum(part) as part, null as median, null as p90
from keyed
group by key
order by key
"""
# Of n rows in order, counted from 0, a share p lies at p * (n - 1): between two of them as
# a rule, and then as far from the lower one.
_SQLITE_HOURS = """
with placed as (
    select
        key,
        whole,
        part,
        amount,
        row_number() over (partition by key order by amount) - 1 as place,
        count(*) over (partition by key) - 1 as newest
    from keyed
)
select
    key,
    sum(whole) as whole,
    sum(part) as part,
    sum(amount * max(0, 1 - abs(place - 0.5 * newest))) as median,
    sum(amount * max(0, 1 - abs(place - 0.9 * newest))) as p90
from placed
group by key
order by key
"""


def in_clickhouse(name: str, by: str, days: Days) -> str:
    """A measure by something, as ClickHouse understands it.

    It has no percentile_cont, and sqlglot leaves that name as it is. Its quantile of that
    kind is quantileExactInclusive; what it calls quantile takes a sample.
    """
    asked = _question(name, by, days)

    def put_right(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.WithinGroup):
            return node
        amount = node.expression.expressions[0].this.sql("clickhouse")
        shares = node.this.this.expressions
        texts = (
            _CLICKHOUSE_QUANTILE.format(share=share.name, amount=amount)
            for share in shares
        )
        return exp.Array(expressions=[parse_one(t, read="clickhouse") for t in texts])

    return asked.transform(put_right).sql("clickhouse", comments=False)


def in_postgresql(name: str, by: str, days: Days) -> str:
    """The same as PostgreSQL understands it, which knows no star with exceptions."""
    asked = _question(name, by, days).transform(_named_columns)
    return asked.sql("postgres", comments=False)


def in_sqlite(name: str, by: str, days: Days) -> list[tuple[str, str]]:
    """The same for SQLite, which has neither percentiles nor several groupings at once.

    One SELECT for each thing it is by, with its name: of groups there are eight.
    """
    text = _SQLITE_HOURS if measure(name).kind == "hours" else _SQLITE_COUNTS
    asked = []
    for key in _keys(by):
        keyed = _keyed(key, by, days)
        counted = parse_one(text, read="sqlite")
        tree = _with(counted, ("measure_fact", _measure(name)), keyed)
        tree = tree.transform(_named_columns)
        asked.append((key, tree.sql("sqlite", comments=False)))
    return asked


def _question(name: str, by: str, days: Days) -> exp.Select:
    """The analysis with the measure, and the referrals under it, in front of it."""
    kind = "hours" if measure(name).kind == "hours" else "measure"
    analysis = parse_one(_text("analysis", f"{kind}_by_{by}"), read="duckdb")
    asked = _with(analysis, ("measure_fact", _measure(name)))
    literal = [exp.cast(exp.Literal.string(day.isoformat()), "date") for day in days]

    def dated(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Placeholder):
            return literal[int(node.name) - 1].copy()
        return node

    return asked.transform(dated)


def _measure(name: str) -> exp.Expression:
    """A measure's rows, with the view under them written out."""
    rows = parse_one(_text("measures", name), read="duckdb")
    row = parse_one(_text("cubes", "referral_row"), read="duckdb")

    def written_out(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Table) and node.name == "referral_row":
            return row.copy().subquery("referral_row")
        return node

    return rows.transform(written_out)


def _keys(by: str) -> tuple[str, ...]:
    if by == "group":
        return GROUPS
    return ("practice",) if by == "practice" else (f"{by}_start",)


def _keyed(key: str, by: str, days: Days) -> tuple[str, exp.Expression]:
    values = ("whole", "part", "amount")
    told = exp.select(exp.column(key).as_("key"), *values).from_("measure_fact")
    if by in ("practice", "group"):
        first, last = (exp.Literal.number((day - DAY_ZERO).days) for day in days)
        counted = exp.column("counted_on")
        return "keyed", told.where(counted.between(first, last))
    return "keyed", told.join("mart.calendar", on="counted_on = on_day")


def _with(tree: exp.Expression, *parts: tuple[str, exp.Expression]) -> exp.Select:
    """The same with these in front of whatever it has in front."""
    own = tree.ctes
    tree.set("with_", None)
    for name, part in parts:
        tree = tree.with_(name, as_=part)
    for one in own:
        tree = tree.with_(one.alias, as_=one.this)
    return tree


def _named_columns(node: exp.Expression) -> exp.Expression:
    """A star with a replacement, as the words that it stands for here."""
    if not isinstance(node, exp.Select):
        return node
    told: list[exp.Expression] = []
    for one in node.expressions:
        star = one.this if isinstance(one, exp.Column) else one
        instead = star.args.get("replace") if isinstance(star, exp.Star) else None
        if not instead:
            told.append(one)
            continue
        named = {alias.alias: alias for alias in instead}
        told += [named.get(word, exp.column(word)) for word in WORDS]
    node.set("expressions", told)
    return node


def _text(folder: str, name: str) -> str:
    return (_MODELS / folder / f"{name}.sql").read_text("utf-8")
