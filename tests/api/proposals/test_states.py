"""The table of states is complete, and its document is what it says."""

from api.proposals import states
from api.proposals.states import OWNERS, TRANSITIONS, Operation, ProposalState, Role, transition_for


class TestTable:
    def test_gives_every_state_an_owner(self) -> None:
        assert set(ProposalState) == OWNERS.keys()

    def test_lets_exactly_the_states_with_an_owner_move_on(self) -> None:
        leaves = {row.source for row in TRANSITIONS if row.source != row.target}
        assert leaves == {state for state, owner in OWNERS.items() if owner is not Role.NOBODY}

    def test_lets_the_owner_of_a_state_be_the_one_who_moves_it_on(self) -> None:
        for state, owner in OWNERS.items():
            if owner is not Role.NOBODY:
                assert any(row.role is owner for row in TRANSITIONS if row.source is state and row.target != state)

    def test_reaches_every_state_from_draft(self) -> None:
        reached = {ProposalState.DRAFT}
        for _ in ProposalState:
            reached |= {row.target for row in TRANSITIONS if row.source in reached}
        assert reached == set(ProposalState)

    def test_uses_every_operation(self) -> None:
        assert {row.operation for row in TRANSITIONS} == set(Operation)

    def test_holds_one_row_for_an_operation_in_a_state(self) -> None:
        keys = [(row.operation, row.source) for row in TRANSITIONS]
        assert len(keys) == len(set(keys))

    def test_lets_nothing_follow_an_end_but_words_and_readers(self) -> None:
        for state, owner in OWNERS.items():
            if owner is Role.NOBODY:
                allowed = {operation for operation in Operation if transition_for(operation, state)}
                assert allowed == {Operation.COMMENT, Operation.CIRCULATE, Operation.ACKNOWLEDGE, Operation.COPY}


class TestDescribe:
    def test_names_every_transition(self) -> None:
        text = states.describe()
        for row in TRANSITIONS:
            assert f"| {row.operation} | {row.source} | {row.target} | {row.role} |" in text
