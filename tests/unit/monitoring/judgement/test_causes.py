"""How a cause is written."""

from monitoring.judgement.causes import Cause, limited, of_photos, percent


def test_the_entry_of_the_verdict() -> None:
    cause = Cause("dark", "pictures are dark", 0.123456, {"gain": 20}, serious=True, rank=1.5)
    assert cause.document == {
        "cause": "dark", "text": "pictures are dark", "share": 0.1235, "evidence": {"gain": 20},
    }  # fmt: skip


def test_a_cause_is_a_reason_to_look_and_has_no_evidence_unless_it_says_so() -> None:
    cause = Cause("dark", "pictures are dark", 1)
    assert (cause.evidence, cause.serious, cause.rank) == ({}, False, 0)


def test_shares_and_counts_in_words() -> None:
    assert percent(0.126) == "13 %"
    assert of_photos(1, 1) == "100 % of 1 photo"
    assert of_photos(0.5, 1234) == "50 % of 1,234 photos"
    assert limited({"gain": 1 / 3, "count": 2}) == {"gain": 0.3333, "count": 2.0}
