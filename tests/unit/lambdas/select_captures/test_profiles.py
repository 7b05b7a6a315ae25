"""Of the kept profiles those of the hours of a window are found."""

from typing import Any

from unit.lambdas.conftest import BUCKET
from unit.lambdas.select_captures.folders import HOUR, NOON, PROFILES, profile, put

from lambdas.select_captures.captures import Hour
from lambdas.select_captures.profiles import find_profiles


def test_whole_profiles_of_these_hours_are_found(s3: Any) -> None:
    one, two, three, four, lacking = (Hour.of(NOON + number * HOUR, [], "") for number in range(5))
    keys = {hour.profile: sorted(profile(s3, hour)) for hour in (one, two, three)}
    profile(s3, four, "-1.pixels")
    profile(s3, lacking, ".json.gz")
    put(s3, f"kept/profiles/profile-{one.profile}")
    put(s3, "kept/profiles/README.txt")
    assert find_profiles(s3, PROFILES, []) == {}
    found = find_profiles(s3, PROFILES, [one, three, four, lacking])
    assert {name: sorted(each) for name, each in found.items()} == {
        one.profile: keys[one.profile],
        three.profile: keys[three.profile],
    }


def test_profiles_of_earlier_hours_are_not_listed(s3: Any) -> None:
    asked: list[dict[str, Any]] = []
    s3.meta.events.register("provide-client-params.s3.ListObjectsV2", lambda params, **_: asked.append(dict(params)))
    hours = [Hour.of(NOON + number * HOUR, [], "") for number in (1, 0)]
    assert find_profiles(s3, PROFILES, hours) == {}
    begin = f"kept/profiles/profile-{hours[1].profile}"
    assert asked == [{"Bucket": BUCKET, "Prefix": "kept/profiles/profile-", "StartAfter": begin}]
