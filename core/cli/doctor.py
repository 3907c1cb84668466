"""Look whether a service is sound, and say how to mend what is not."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from pydantic import ValidationError

from core.analytics import trouble, versions
from core.analytics.versions import MadeByNewer
from core.audit.actions import first_broken
from core.cli.plain import wrong_settings
from core.config import Settings, settings
from core.imaging.tables import Image
from core.imaging.vault import BlobId, Vault, VaultError
from core.invitations.model import UNFINISHED
from core.invitations.tables import Invitation
from core.kernel import clock, words
from core.notify.delivery import stuck
from core.referrals.actions.moving import first_broken_event
from core.store import migrate
from core.store.engine import Store


_PATIENCE_S = 5
# Each night they get a day newer; a night without a build is no trouble yet.
_LATE_AFTER_DAYS = 2


class Wrong(Exception):
    """Something is wrong; ``mend`` says what to do about it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's report."""

    subject: str
    says: str
    mend: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.mend


def examine() -> Iterator[Finding]:
    """Every check in turn; what cannot be looked at without an earlier one is left."""
    try:
        found = settings()
    except ValidationError as error:
        yield Finding(
            "configuration",
            wrong_settings(error),
            "Set it in the environment, or in the file that OZONE_SETTINGS names.",
        )
        return
    yield Finding("configuration", f"ok, a {found.environment}")
    store = Store(found.database_url, found.key("database"))
    database = _look("database", lambda: _database(store))
    yield database
    if database.ok:
        schema = _look("schema", lambda: _schema(store))
        yield schema
        if schema.ok:
            yield from _contents(found, store)
    store.engine.dispose()
    yield _look("sign-in", lambda: _provider(found))


def _contents(found: Settings, store: Store) -> Iterator[Finding]:
    yield _look("audit", lambda: _audit(store))
    yield _look("histories", lambda: _histories(store))
    yield _look("vault", lambda: _vault(found, store))
    yield _look("messages", lambda: _messages(store))
    yield _look("weblinks", lambda: _weblinks(found, store))
    yield _look("figures", lambda: _figures(found))


def _look(subject: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, check())
    except Wrong as wrong:
        return Finding(subject, str(wrong), wrong.mend)
    except MadeByNewer as newer:
        return Finding(subject, newer.sentence, "Bring this program up to date.")


def _database(store: Store) -> str:
    try:
        with store.reading() as session:
            session.execute(sa.text("select count(*) from alembic_version"))
    except sa.exc.DatabaseError as error:
        told = str(error.orig)
        if "alembic_version" in told:
            return "ok, reachable and empty"
        if "not a database" in told:
            raise Wrong(
                "The file cannot be opened with this key.",
                "Set OZONE_MASTER_KEY to the key that the database was made with.",
            ) from error
        raise Wrong(
            f"It cannot be reached: {told.strip()}",
            "Check OZONE_DATABASE_URL, and that the server is running.",
        ) from error
    return "ok, reachable"


def _schema(store: Store) -> str:
    if not migrate.is_current(store):
        raise Wrong(
            "The tables are older than the program.",
            "Back up the database, then run “ozone migrate”.",
        )
    return "ok, up to date"


def _audit(store: Store) -> str:
    with store.reading() as session:
        broken = first_broken(session)
    if broken is not None:
        raise Wrong(
            f"Row {broken} is not what it was when it was written.",
            "Somebody changed the past. Keep a copy of the database and investigate; "
            "compare with the last backup.",
        )
    return "ok, the chain is whole"


def _histories(store: Store) -> str:
    with store.reading() as session:
        broken = first_broken_event(session)
    if broken is not None:
        raise Wrong(
            f"The history of referral {broken} was changed after it was written.",
            "Keep a copy of the database and compare with the last backup.",
        )
    return "ok, every referral's chain is whole"


def _vault(found: Settings, store: Store) -> str:
    with store.reading() as session:
        newest = session.scalar(
            sa.select(Image.clean_blob).order_by(Image.added_at.desc()).limit(1)
        )
    # Opening a vault begins one, and a new empty one would hide that the old is gone.
    if not (found.vault_folder / "key-id").is_file():
        if newest is None:
            return "ok, no pictures yet"
        raise Wrong(
            f"There is no vault in {found.vault_folder}, but referrals have pictures.",
            "Restore the folder from the backup, or correct OZONE_VAULT_FOLDER.",
        )
    try:
        vault = Vault(found.vault_folder, found.key("vault"))
        if newest is not None:
            vault.get(BlobId(newest))
    except VaultError as error:
        raise Wrong(
            f"It does not open: {type(error).__name__}. {error}",
            "Set OZONE_MASTER_KEY to the vault's own, or restore the folder.",
        ) from error
    return "ok, the newest picture opens"


def _messages(store: Store) -> str:
    count = stuck(store)
    if count:
        raise Wrong(
            f"{count} could not be delivered.",
            "See last_error in the outbox table; check OZONE_SMTP_URL, OZONE_NOTIFY_KEY "
            "and the addresses, then set gave_up_at, bounced_at and done_at to null and "
            "attempts to 0 to try again.",
        )
    return "ok, none stuck"


def _weblinks(found: Settings, store: Store) -> str:
    with store.reading() as session:
        asked = Invitation.state.in_(UNFINISHED)
        query = sa.select(sa.func.count()).select_from(Invitation).where(asked)
        many = session.scalar(query) or 0
    app = found.apps.get("patient")
    if app is not None:
        return f"ok, {words.plural(many, 'patient')} asked, at {app.origin}"
    if many:
        raise Wrong(
            f"{words.plural(many, 'patient')} asked, and their links lead nowhere.",
            "Set OZONE_APPS__PATIENT__ORIGIN and __PORT, and run `ozone serve patient`.",
        )
    return "ok, none asked"


def _figures(found: Settings) -> str:
    there = versions.current(found.analytics_folder)
    standing = trouble.standing(found.analytics_folder)
    if standing:
        rows = words.plural(standing.rows, "row")
        of = f" It found {rows}." if standing.check else ""
        raise Wrong(
            f"{standing.sentence}{of} Tried {words.plural(standing.tries, 'time')}.",
            "See the log, mend what is wrong in the data, then run “ozone analytics "
            "refresh”. It is tried again by itself as well.",
        )
    if there is None:
        return "ok, none have been built yet"
    last = date.fromisoformat(there.last_day)
    if clock.today() - last > timedelta(days=_LATE_AFTER_DAYS):
        raise Wrong(
            f"They end on {words.day(last)}.",
            "See that the worker runs: “ozone worker”.",
        )
    return f"ok, up to the end of {words.day(last)}"


def _provider(found: Settings) -> str:
    mend = "Check OZONE_OIDC_METADATA_URL, and that the identity provider is up."
    url = found.oidc_metadata_url
    if not url.startswith(("http://", "https://")):
        raise Wrong("No identity provider is configured: nobody can sign in.", mend)
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE_S) as reply:  # noqa: S310
            says = json.load(reply)["issuer"]
    except (urllib.error.URLError, OSError, ValueError, KeyError) as error:
        raise Wrong(f"{url} does not answer as it should: {error}", mend) from error
    if found.oidc_issuer and says != found.oidc_issuer:
        raise Wrong(
            f"The provider calls itself {says}, not {found.oidc_issuer}.",
            "Set OZONE_OIDC_ISSUER to what the provider says, or nobody is known.",
        )
    return "ok, the provider answers"
