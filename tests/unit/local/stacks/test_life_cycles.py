"""The rules of a template's bucket in the form of S3's API."""

from local.stacks.life_cycles import api_rules


def test_all_that_a_rule_can_ask_for() -> None:
    [found] = api_rules(
        {
            "Rules": [
                {
                    "Id": "all",
                    "Status": "Enabled",
                    "Prefix": "a/",
                    "TagFilters": [{"Key": "k", "Value": "v"}],
                    "ExpirationInDays": 3,
                    "NoncurrentVersionExpirationInDays": 4,
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 5},
                    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 6}],
                }
            ]
        }
    )
    assert found == {
        "ID": "all",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "a/", "Tag": [{"Key": "k", "Value": "v"}]}},
        "Expiration": {"Days": 3},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 4},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 5},
        "Transition": [{"Days": 6, "StorageClass": "GLACIER"}],
    }


def test_a_rule_without_a_prefix_is_for_all_objects() -> None:
    rule = {"Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
    [found] = api_rules({"Rules": [rule]})
    assert (found["Filter"], found["NoncurrentVersionExpiration"]) == ({"Prefix": ""}, {"NoncurrentDays": 30})
    assert api_rules({}) == []
