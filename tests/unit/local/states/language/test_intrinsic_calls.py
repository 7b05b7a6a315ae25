import pytest

from local.states.language.intrinsic_calls import Call, Path, Text, read_call


def test_each_kind_of_argument_is_read() -> None:
    read = read_call(r"States.Array('it\'s', -1, 1.5, 2e3, null, true, false, $.a, $$.b, $c, States.UUID())")
    numbers_and_words = (-1, 1.5, 2000.0, None, True, False)
    paths = (Path("$.a"), Path("$$.b"), Path("$c"))
    assert read == Call("Array", (Text(r"it\'s"), *numbers_and_words, *paths, Call("UUID", ())))


def test_a_path_goes_on_within_brackets_and_quotes() -> None:
    read = read_call("States.ArrayLength( $.a[?(@.b == 'x,)')]['c,d'] )")
    assert read == Call("ArrayLength", (Path("$.a[?(@.b == 'x,)')]['c,d']"),))


@pytest.mark.parametrize(("raw", "value"), [(r"it\'s", "it's"), (r"\{\}", "{}"), (r"a\\b", r"a\b"), (r"a\nb", "a\nb")])
def test_escapes_of_texts_are_resolved(raw: str, value: str) -> None:
    assert Text(raw).value == value


@pytest.mark.parametrize(
    "text",
    ["Format('a')", "States.Format('a'", "States.Format('a') x", r"States.Format('a\"b')", "States.Format('a' 1)"],
)
def test_what_is_no_call_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a call of an intrinsic function"):
        read_call(text)
