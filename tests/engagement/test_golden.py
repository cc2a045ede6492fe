"""The states of two plays of a small case, to nine digits, on every Python and every machine.

They change only when rules, parameters or luck change; then raise the model's version (docs,
`contributing.md`) and put the new digests here in the same commit.
"""

import pytest

from casebook import case as cases
from casebook.engagement import Engagement
from casebook.engagement.transcript import states_digest
from casebook.study import policy
from tests.casefactory import small_case, write_case

GOLDEN = {
    "balanced": "24db17124683d6165e16346ba3a2f743a0c5d55462165dfb22eb0370b061df68",
    "random": "4b4d57b1dfcf87af7ca7552f26e8637d3f8da60c9a53d1e569b756def9126e9e",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_states_of_a_play_are_what_they_were(tmp_path, name):
    data = small_case()
    data["project"]["volatility"] = 60
    play = Engagement.start(cases.read(write_case(tmp_path / "small", data)), "Zoë", 2)
    while play.ask is not None:
        play = play.take(policy(name)(play))
    assert states_digest(play) == GOLDEN[name]
