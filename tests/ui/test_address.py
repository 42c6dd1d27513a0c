"""A configuration in an address: whatever comes, it is valid or it is named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from playground.config import RunConfig, with_current_names
from playground.ui.address import from_query, to_query
from tests.test_config import CONFIGS, FORMER

NAMES = st.sampled_from(list(RunConfig.model_fields))
VALUES = st.one_of(
    st.text(max_size=60),
    st.integers().map(str),
    st.floats().map(str),
    st.lists(st.integers(-5, 3000).map(str), max_size=8).map(",".join),
    st.sampled_from(
        ["full", "none", "true", "1e400", "nan", "-inf", "١٢٨", "²", ",,", "128,", "0"]
    ),
)


@given(CONFIGS)
def test_the_address_gives_back_the_very_configuration(config: RunConfig) -> None:
    assert from_query(to_query(config)) == (config, [])


@given(CONFIGS)
def test_the_long_form_of_earlier_addresses_means_the_same(config: RunConfig) -> None:
    long = {
        name: ",".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)
        for name, value in config
    }
    assert from_query(long) == (config, [])


@given(CONFIGS)
def test_a_link_means_the_same_when_the_defaults_are_others(config: RunConfig) -> None:
    class Later(RunConfig):
        epochs: int = 25
        early_stop: bool = False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("playground.ui.address.RunConfig", Later)
        later = Later.model_validate(config.model_dump())
        query = to_query(later)
        assert from_query(query)[0].model_dump() == config.model_dump()
        assert from_query({})[0] == Later()
    # And a link that was written before.
    before = to_query(config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("playground.ui.address.RunConfig", Later)
        if before:
            assert from_query(before)[0].model_dump() == config.model_dump()


@settings(max_examples=500)
@example({"inside": "", "stop": "true"})
@given(st.dictionaries(st.one_of(NAMES, NAMES, st.text(max_size=60)), VALUES))
def test_any_address_gives_a_valid_configuration_and_names_what_it_did_not_use(
    query: dict[str, str],
) -> None:
    config, problems = from_query(query)
    RunConfig.model_validate(config.model_dump())
    query = with_current_names(query)
    for name, text in query.items():
        named = [problem for problem in problems if name[:39] in problem]
        try:
            alone = RunConfig.model_validate({name: text})
        except ValidationError:
            assert named, f"{name}={text!r} was not used, and nobody was told"
        else:
            assert getattr(config, name) == getattr(alone, name)
    untouched = RunConfig.model_fields.keys() - query.keys()
    assert all(getattr(config, name) == getattr(RunConfig(), name) for name in untouched)
    good = [name for name in query if name in RunConfig.model_fields]
    assert problems or all(name in good for name in query)


@pytest.mark.parametrize(
    ("name", "text", "used"),
    [
        ("learning_rate", "99", 10.0),
        ("learning_rate", "0", 1e-5),
        ("epochs", "100000", 200),
        ("epochs", "-1", 1),
        ("hidden_layers", "5000,0", (1024, 1)),
        ("hidden_layers", "1,2,3,4,5,6,7", (1, 2, 3, 4, 5)),
        ("hidden_layers", "a", (128,)),
        ("activation", "Relu!", "relu"),
        ("dropout", "nan", 0.0),
        ("batch_size", "3", 32),
    ],
)
def test_what_cannot_be_used_becomes_the_nearest_limit_or_the_default(
    name: str, text: str, used: Any
) -> None:
    config, problems = from_query({name: text})
    assert getattr(config, name) == used
    assert len(problems) == 1
    assert name in problems[0]
    assert text in problems[0]


@pytest.mark.parametrize(("former", "name"), FORMER.items())
def test_a_former_name_is_read_and_not_written(former: str, name: str) -> None:
    off = RunConfig.model_validate({name: False})
    assert from_query({former: "false"}) == (off, [])
    assert former not in to_query(off)
    config, [problem] = from_query({former: "perhaps"})
    assert config == RunConfig()
    assert f"{name}=perhaps" in problem
