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
    "balanced": "b64509a49d8256d13b49344e828eaa6369887685875bb7abfa482c2ba60f88ef",
    "random": "2b4ba69252d060235191774defb09b46f97e78633e8db0f21546d3b658fdbcb7",
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_states_of_a_play_are_what_they_were(tmp_path, name):
    data = small_case()
    data["project"]["volatility"] = 60
    play = Engagement.start(cases.read(write_case(tmp_path / "small", data)), "Zoë", 2)
    while play.ask is not None:
        play = play.take(policy(name)(play))
    assert states_digest(play) == GOLDEN[name]
