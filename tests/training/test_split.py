"""Folds part no event."""

from training.split import folds

GROUPS = [f"event {i % 7}" for i in range(60)]


def test_no_event_stands_on_both_sides_and_every_row_is_held_out_once() -> None:
    held_out: list[int] = []
    for train, held in folds(GROUPS, count=5, seed=1):
        assert not {GROUPS[i] for i in train} & {GROUPS[i] for i in held}
        held_out.extend(held.tolist())
    assert sorted(held_out) == list(range(60))


def test_folds_are_repeatable_and_no_more_than_there_are_events() -> None:
    first, again = (list(folds(GROUPS, count=99, seed=1)) for _ in range(2))
    assert len(first) == 7
    assert all((a[1] == b[1]).all() for a, b in zip(first, again, strict=True))
