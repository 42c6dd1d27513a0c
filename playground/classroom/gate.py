"""What a class allows its members to train, whichever way they ask."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from playground.classroom.rules.state import ClassState, Member, Opening
from playground.config import RunConfig
from playground.events import Command, Status
from playground.locales import lazy
from playground.runs.gate import Stamp
from playground.runs.hub import Hub
from playground.runs.refusals import Refused
from playground.store.runs import RunInfo

# A run that came to nothing does not use up what an activity allows.
_CAME_TO_NOTHING = (Status.FAILED, Status.INTERRUPTED)


def stamp(class_id: str, opening: int | None = None, cell: int | None = None) -> str:
    """What a run has on it that belongs to a class, see `RunInfo.classroom`."""
    parts = [class_id, opening, cell]
    return "/".join(str(part) for part in parts if part is not None)


def read_stamp(text: str) -> tuple[str, int | None, int | None]:
    """A run's class, opening and cell; an empty class for none."""
    class_id, _, rest = text.partition("/")
    opening, _, cell = rest.partition("/")
    return class_id, _number(opening), _number(cell)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def fixed_settings(state: ClassState, opening: Opening | None, member: int) -> dict[str, object]:
    """The settings that a member cannot choose now, with their values."""
    fixed: dict[str, object] = dict(state.locks)
    if opening is None or opening.activity.draw:
        return fixed
    base = opening.activity.config().model_dump(mode="json")
    fixed |= {name: value for name, value in base.items() if name not in opening.activity.free}
    cell = opening.of(member).cell
    if opening.activity.jigsaw is not None and cell is not None:
        fixed |= opening.activity.jigsaw.settings(cell.index)
        fixed["seed"] = cell.seed
    # Whether weights are kept to be looked at changes nothing of a run.
    fixed.pop("keep_snapshots", None)
    return fixed


def runs_left(opening: Opening, member: int, runs: Iterable[RunInfo]) -> int | None:
    """How many more runs an activity allows a member; None for any number.

    Args:
        opening: of the activity.
        member: who asks.
        runs: their own in this activity.
    """
    most = opening.activity.runs
    if most is None:
        return None
    used = sum(run.status not in _CAME_TO_NOTHING for run in runs)
    return max(0, most + opening.of(member).granted - used)


class ClassGate:
    """A gate of the hub, see `playground.runs.gate`. May be asked from any thread.

    Args:
        find: the class that an owner is in now, and as whom; or the one with this id, if they are
            in it; None for none.
        state: how the class with this id stands; None for one that there is not.
        hub: has the runs.
        binds: whether somebody is or was a member of a class with an envelope that is still closed.
            Who leaves, or joins another one, would otherwise train the same settings once more and
            read the sealed figure.
    """

    def __init__(
        self,
        find: Callable[[str, str], tuple[ClassState, Member] | None],
        state: Callable[[str], ClassState | None],
        hub: Hub,
        binds: Callable[[str], bool],
    ) -> None:
        self._find, self._state, self._hub, self._binds = find, state, hub, binds
        self._lock = threading.Lock()  # guards the reservations
        self._reserved: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def submission(
        self, owner: str, config: RunConfig, wish: str, parent: RunInfo | None = None
    ) -> Iterator[Stamp]:
        """See `playground.runs.gate.Gate`."""
        sealed = self._inherits_seal(parent) or self._binds(owner)
        found = self._find(owner, read_stamp(wish)[0])
        if found is None:
            if wish:
                raise Refused(lazy("You are not in this class. Join it with its code."))
            yield Stamp(sealed=sealed)
            return
        state, member = found
        opening = state.at
        self._check(state, opening, member, config, read_stamp(wish)[1])
        if state.solo:
            self._check_beside(owner, opening, config)
        cell = opening.of(member.number).cell if opening and opening.activity.jigsaw else None
        text = stamp(state.id, opening.number if opening else None, cell.index if cell else None)
        if opening is not None and parent is not None:
            _check_parent(owner, config, parent, text)
        with self._reservation(opening, member, text):
            yield Stamp(text, sealed=sealed or state.sealed)

    def command(self, owner: str, run: RunInfo, command: Command) -> None:
        """See `playground.runs.gate.Gate`."""
        found = self._find(owner, read_stamp(run.classroom)[0])
        if found is None:
            return
        state, member = found
        opening = state.opening(read_stamp(run.classroom)[1])
        beside = self._find(owner, "") if state.solo else None
        if "learning_rate" in fixed_settings(state, opening, member.number) or (
            beside is not None and "learning_rate" in beside[0].locks
        ):
            raise Refused(lazy("The learning rate is fixed in this activity."))

    def deletion(self, run: RunInfo) -> None:
        """See `playground.runs.gate.Gate`."""
        # Else one who deletes runs has more than the activity allows, and its grid has holes.
        state = self._state(read_stamp(run.classroom)[0])
        if state is not None and not state.solo and not state.ended:
            raise Refused(
                lazy("This run belongs to your class. You can delete it when the class has ended.")
            )

    def _inherits_seal(self, parent: RunInfo | None) -> bool:
        """Whether what goes on from a run is sealed as it is.

        It is until the class in which the run was sealed opens its envelope; that the class ends
        does not open it. A sealed run outside
        of such a class has that from the run before it; or from its owner, then nothing opens it.
        """
        if parent is None or not parent.sealed:
            return False
        run: RunInfo | None = parent
        while run is not None and run.sealed:
            state = self._state(read_stamp(run.classroom)[0])
            if state is not None and any(one.activity.sealed for one in state.openings):
                return any(one.sealed for one in state.openings)
            run = self._hub.run(run.parent) if run.parent else None
        return True

    def _check_beside(self, owner: str, opening: Opening | None, config: RunConfig) -> None:
        """Let nobody get round the rules of the class that they are in by playing alone."""
        found = self._find(owner, "")
        if found is None:
            return
        (state, member), at = found, found[0].at
        _check_curtain(state)
        _check_settings(config, state.locks)
        if at is None or opening is None:
            return
        if at.activity.id == opening.activity.id:
            raise Refused(
                lazy(
                    "Your class is at this activity now. Do it with your class, on the page Class."
                )
            )
        if _gives_away(state, at, member, config):
            raise Refused(
                lazy("Your class trains these settings now. Train them with it, on the page Class.")
            )

    def _check(
        self,
        state: ClassState,
        opening: Opening | None,
        member: Member,
        config: RunConfig,
        wished: int | None,
    ) -> None:
        _check_curtain(state)
        if wished is not None and (opening is None or opening.number != wished):
            raise Refused(lazy("The class is not at this activity now."))
        if opening is not None:
            if not opening.reached("run"):
                raise Refused(lazy("The class is not so far yet. Your teacher opens this step."))
            # Who has seen the answers of all cannot predict any more.
            asked = opening.activity.prediction is not None and not state.seen(opening)
            if asked and not opening.of(member.number).locked:
                raise Refused(lazy("Lock your prediction first, on the page Class. Then train."))
            if opening.activity.jigsaw is not None and opening.of(member.number).cell is None:
                raise Refused(lazy("Take a cell of the grid first, on the page Class."))
        _check_settings(config, fixed_settings(state, opening, member.number))

    @contextmanager
    def _reservation(self, opening: Opening | None, member: Member, text: str) -> Iterator[None]:
        """Within, a run that is being queued counts.

        Raises:
            Refused: there are none left.
        """
        if opening is None:
            yield
            return
        key = (member.owner, text)
        with self._lock:
            now = self._reserved[key]
            mine = [run for run in self._hub.runs(member.owner) if is_of(run, text)]
            left = runs_left(opening, member.number, mine)
            if left is not None and left <= now:
                raise Refused(
                    lazy(
                        "You have used the {most} runs of this activity. Your teacher can give you "
                        "one more.",
                        most=(opening.activity.runs or 0) + opening.of(member.number).granted,
                    )
                )
            self._reserved[key] += 1
        try:
            yield
        finally:
            with self._lock:
                self._reserved[key] -= 1
                if not self._reserved[key]:
                    del self._reserved[key]


def _gives_away(state: ClassState, at: Opening, member: Member, config: RunConfig) -> bool:
    """Whether a run beside a class would show what it is at to one who is to predict it first.

    Or who may train it only so often. A link may bring the same activity by another name; another
    seed shows the same.
    """
    asked = at.activity.prediction is not None and not state.seen(at)
    if at.activity.runs is None and (not asked or at.of(member.number).locked):
        return False
    fixed = fixed_settings(state, at, member.number)
    given = config.model_dump(mode="json")
    return all(given[name] == value for name, value in fixed.items() if name != "seed")


def _check_curtain(state: ClassState) -> None:
    if state.curtain:
        raise Refused(lazy("Your teacher has paused everyone. You can go on in a moment."))


def _check_settings(config: RunConfig, fixed: Mapping[str, object]) -> None:
    given = config.model_dump(mode="json")
    for name, value in fixed.items():
        if given[name] != value:
            raise Refused(
                lazy(
                    "Your class has fixed a setting: {name} is {value}. Set it so, then train.",
                    name=name,
                    value=value,
                )
            )


def _check_parent(owner: str, config: RunConfig, parent: RunInfo, text: str) -> None:
    """Let a run go on only from what was trained under the same rules.

    Args:
        owner: who submits it.
        config: its settings.
        parent: the run that it goes on from.
        text: its stamp.

    Raises:
        Refused: the other run is not their own, not of this activity and cell, or differs.
    """
    same = parent.config.model_copy(update={"epochs": config.epochs}) == config
    if parent.owner != owner or parent.classroom != text or not same:
        raise Refused(
            lazy(
                "In this activity a run begins from the start. It can go on only from a run of "
                "your own in this activity, with the same settings."
            )
        )


def is_of(run: RunInfo, text: str) -> bool:
    """Whether a run belongs to the same opening of the same class as a stamp, in any cell."""
    return read_stamp(run.classroom)[:2] == read_stamp(text)[:2]
